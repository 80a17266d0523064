package io.inmesh.testapps.tour;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.util.Arrays;

/** Bodies: buffered, fixed in length, chunked, big, and {@code Expect: 100-continue}. */
final class BodyStops {
  private static final int TEN_MEGABYTES = 10 * 1024 * 1024;

  private final Transcript transcript;
  private final Places places;

  BodyStops(Transcript transcript, Places places) {
    this.transcript = transcript;
    this.places = places;
  }

  void visit() {
    transcript.stop("buffered", () -> upload(Mode.BUFFERED, 5_000, 5_000));
    transcript.stop("fixed length", () -> upload(Mode.FIXED, 5_000, 5_000));
    transcript.stop("fixed long length", () -> upload(Mode.FIXED_LONG, 70_000, 70_000));
    transcript.stop("fixed length, nothing", () -> upload(Mode.FIXED, 0, 0));
    transcript.stop("fixed length, too little", () -> upload(Mode.FIXED, 10, 4));
    transcript.stop("fixed length, too much", () -> upload(Mode.FIXED, 4, 10));
    transcript.stop("chunked", () -> upload(Mode.CHUNKED, 0, 50_000));
    transcript.stop("chunked, small chunks", () -> upload(Mode.SMALL_CHUNKS, 0, 1_000));
    transcript.stop("chunked, nothing", () -> upload(Mode.CHUNKED, 0, 0));
    transcript.stop("big buffered", () -> upload(Mode.BUFFERED, 0, TEN_MEGABYTES));
    transcript.stop("big fixed length", () -> upload(Mode.FIXED, TEN_MEGABYTES, TEN_MEGABYTES));
    transcript.stop("big chunked", () -> upload(Mode.CHUNKED, 0, TEN_MEGABYTES));
    transcript.stop("big answer", () -> download("/big"));
    transcript.stop("big chunked answer", () -> download("/big-chunked"));
    transcript.stop("chunked answer", () -> download("/chunked"));
    transcript.stop("answer until close", () -> download("/until-close"));
    transcript.stop("output twice", this::outputTwice);
    transcript.stop("body closed early", this::closedEarly);
    transcript.stop("body skipped", this::skipped);
    for (String answer : new String[] {"go", "refuse", "silent", "ok"}) {
      transcript.stop("expect, " + answer + ", fixed", () -> expect(answer, Mode.FIXED));
      transcript.stop("expect, " + answer + ", chunked", () -> expect(answer, Mode.CHUNKED));
      transcript.stop("expect, " + answer + ", buffered", () -> expect(answer, Mode.BUFFERED));
    }
    transcript.stop("redirect while streaming", this::redirectWhileStreaming);
    transcript.stop("401 while streaming", this::unauthorizedWhileStreaming);
  }

  private enum Mode {
    BUFFERED,
    FIXED,
    FIXED_LONG,
    CHUNKED,
    SMALL_CHUNKS;

    void set(HttpURLConnection connection, int length) {
      switch (this) {
        case BUFFERED -> {}
        case FIXED -> connection.setFixedLengthStreamingMode(length);
        case FIXED_LONG -> connection.setFixedLengthStreamingMode((long) length);
        case CHUNKED -> connection.setChunkedStreamingMode(0);
        case SMALL_CHUNKS -> connection.setChunkedStreamingMode(100);
      }
    }
  }

  private void upload(Mode mode, int announced, int written) throws Exception {
    HttpURLConnection connection = places.open("/echo");
    connection.setDoOutput(true);
    mode.set(connection, announced);
    transcript.see("write", () -> write(connection, written));
    transcript.see("code", connection::getResponseCode);
    transcript.see("body", () -> Transcript.text(connection.getInputStream()));
    connection.disconnect();
  }

  private void download(String path) throws Exception {
    HttpURLConnection connection = places.open(path);
    transcript.see("code", connection::getResponseCode);
    transcript.see("length", connection::getContentLengthLong);
    transcript.see("body", () -> Transcript.text(connection.getInputStream()));
    transcript.see("fields", connection::getHeaderFields);
  }

  private void outputTwice() throws Exception {
    HttpURLConnection connection = places.open("/echo");
    connection.setDoOutput(true);
    OutputStream out = connection.getOutputStream();
    transcript.see("same", () -> connection.getOutputStream() == out);
    transcript.see("class", () -> out.getClass().getName());
    out.write('x');
    out.flush();
    out.close();
    transcript.see(
        "after close",
        () -> {
          out.write('y');
          return "written";
        });
    transcript.see("body", () -> Transcript.text(connection.getInputStream()));
  }

  private void closedEarly() throws Exception {
    HttpURLConnection connection = places.open("/big-close");
    InputStream in = connection.getInputStream();
    transcript.see("first", () -> in.readNBytes(1_000).length);
    in.close();
    transcript.see("after close", in::read);
    transcript.see("code", connection::getResponseCode);
  }

  private void skipped() throws Exception {
    HttpURLConnection connection = places.open("/ok");
    InputStream in = connection.getInputStream();
    transcript.see("mark", in::markSupported);
    transcript.see("skipped", () -> in.skip(2));
    transcript.see("rest", () -> Transcript.text(in));
  }

  private void expect(String answer, Mode mode) throws Exception {
    HttpURLConnection connection = places.open("/expect/" + answer);
    connection.setRequestProperty("Expect", "100-continue");
    connection.setReadTimeout(300);
    connection.setDoOutput(true);
    mode.set(connection, 100);
    transcript.see("write", () -> write(connection, 100));
    transcript.see("code", connection::getResponseCode);
    transcript.see("body", () -> Transcript.text(connection.getInputStream()));
    transcript.see("error", () -> Transcript.text(connection.getErrorStream()));
    connection.disconnect();
  }

  private void redirectWhileStreaming() throws Exception {
    HttpURLConnection connection = places.open("/redirect/307?" + places.url("/echo"));
    connection.setDoOutput(true);
    connection.setFixedLengthStreamingMode(3);
    transcript.see("write", () -> write(connection, 3));
    transcript.see("code", connection::getResponseCode);
    transcript.see("again", connection::getInputStream);
  }

  private void unauthorizedWhileStreaming() throws Exception {
    HttpURLConnection connection = places.open("/basic");
    connection.setAuthenticator(new CredentialStops.Anna("secret"));
    connection.setDoOutput(true);
    connection.setChunkedStreamingMode(0);
    transcript.see("write", () -> write(connection, 3));
    transcript.see("code", connection::getResponseCode);
    transcript.see("input", connection::getInputStream);
    connection.disconnect();
  }

  private static String write(HttpURLConnection connection, int size) throws IOException {
    byte[] part = new byte[Math.min(size, 10_000)];
    Arrays.fill(part, (byte) 'b');
    try (OutputStream out = connection.getOutputStream()) {
      for (int left = size; left > 0; left -= part.length) {
        out.write(part, 0, Math.min(left, part.length));
      }
    }
    return "done";
  }
}
