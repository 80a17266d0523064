package io.inmesh.testapps.tour;

import java.io.InputStream;
import java.net.HttpURLConnection;

/** What an answer's headers say, by every way to ask. */
final class HeaderStops {
  private final Transcript transcript;
  private final Places places;

  HeaderStops(Transcript transcript, Places places) {
    this.transcript = transcript;
    this.places = places;
  }

  void visit() {
    transcript.stop("headers", this::headers);
    transcript.stop("headers without asking before", this::headersAtOnce);
    transcript.stop("headers of a failure", this::headersOfFailure);
    transcript.stop("content", this::content);
    transcript.stop("content by class", this::contentByClass);
    transcript.stop("odd headers", this::oddHeaders);
  }

  private void headers() throws Exception {
    HttpURLConnection connection = places.open("/headers");
    transcript.see("code", connection::getResponseCode);
    for (int i = -1; i < 14; i++) {
      int index = i;
      transcript.see("key " + index, () -> connection.getHeaderFieldKey(index));
      transcript.see("value " + index, () -> connection.getHeaderField(index));
    }
    transcript.see("all", connection::getHeaderFields);
    transcript.see("name", () -> connection.getHeaderField("x-twice"));
    transcript.see("no name", () -> connection.getHeaderField((String) null));
    transcript.see("missing", () -> connection.getHeaderField("X-Missing"));
    transcript.see("int", () -> connection.getHeaderFieldInt("X-Int", 5));
    transcript.see("no int", () -> connection.getHeaderFieldInt("X-Twice", 5));
    transcript.see("long", () -> connection.getHeaderFieldLong("X-Long", 5L));
    transcript.see("no long", () -> connection.getHeaderFieldLong("X-Missing", 5L));
    transcript.see("date", () -> connection.getHeaderFieldDate("X-Date", 5L));
    transcript.see("no date", () -> connection.getHeaderFieldDate("X-Twice", 5L));
    transcript.see("sent", connection::getDate);
    transcript.see("expires", connection::getExpiration);
    transcript.see("modified", connection::getLastModified);
    transcript.see("type", connection::getContentType);
    transcript.see("encoding", connection::getContentEncoding);
    transcript.see("length", connection::getContentLength);
    transcript.see("long length", connection::getContentLengthLong);
    transcript.see("body", () -> Transcript.text(connection.getInputStream()));
  }

  private void headersAtOnce() throws Exception {
    transcript.see("length", () -> places.open("/headers").getContentLengthLong());
    transcript.see("type", () -> places.open("/headers").getContentType());
    transcript.see("fields", () -> places.open("/headers").getHeaderFields().size());
    transcript.see("key", () -> places.open("/headers").getHeaderFieldKey(2));
    transcript.see("date", () -> places.open("/headers").getDate());
    transcript.see("message", () -> places.open("/headers").getResponseMessage());
    transcript.see("error", () -> places.open("/headers").getErrorStream());
  }

  private void headersOfFailure() throws Exception {
    HttpURLConnection connection =
        places.openUrl("http://" + places.host() + ":" + places.port("refused"));
    transcript.see("length", connection::getContentLength);
    transcript.see("type", connection::getContentType);
    transcript.see("fields", connection::getHeaderFields);
    transcript.see("field", () -> connection.getHeaderField(0));
    transcript.see("key", () -> connection.getHeaderFieldKey(1));
    transcript.see("error", connection::getErrorStream);
    transcript.see("code", connection::getResponseCode);
    transcript.see("code again", connection::getResponseCode);
    transcript.see("message", connection::getResponseMessage);
  }

  private void content() throws Exception {
    HttpURLConnection connection = places.open("/ok");
    Object content = connection.getContent();
    transcript.see("class", () -> content.getClass().getName());
    transcript.see("text", () -> Transcript.text((InputStream) content));
    transcript.see("failing", () -> places.open("/status/404").getContent());
  }

  private void contentByClass() throws Exception {
    transcript.see(
        "text", () -> places.open("/ok").getContent(new Class<?>[] {Integer.class, String.class}));
    transcript.see("number", () -> places.open("/ok").getContent(new Class<?>[] {Integer.class}));
  }

  private void oddHeaders() throws Exception {
    HttpURLConnection connection = places.open("/odd-headers");
    transcript.see("code", connection::getResponseCode);
    transcript.see("all", connection::getHeaderFields);
    transcript.see("length", connection::getContentLength);
    transcript.see("body", () -> Transcript.text(connection.getInputStream()));
    HttpURLConnection huge = places.open("/huge-header");
    transcript.see("huge", huge::getResponseCode);
    transcript.see("size", () -> String.valueOf(huge.getHeaderField("X-Huge")).length());
    HttpURLConnection many = places.open("/many-headers");
    transcript.see("many", many::getResponseCode);
    transcript.see("fields", () -> many.getHeaderFields().size());
  }
}
