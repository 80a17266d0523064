package io.inmesh.testapps.tour;

import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/** {@code https:}, which the agent leaves alone. */
final class TlsStops {
  private final Transcript transcript;
  private final Places places;

  TlsStops(Transcript transcript, Places places) {
    this.transcript = transcript;
    this.places = places;
  }

  void visit() {
    transcript.stop("https, plain server", this::plainServer);
    transcript.stop("https, refused", this::refused);
    transcript.stop("https, untrusted", this::untrusted);
    transcript.stop("https", this::trusted);
    transcript.stop("https, wrong name", this::wrongName);
    transcript.stop("https, wrong name accepted", this::wrongNameAccepted);
    transcript.stop("http, TLS server", this::httpToTls);
  }

  private void plainServer() throws Exception {
    HttpURLConnection connection = https(places.host(), places.port("tls-plain"));
    transcript.see("class", () -> connection.getClass().getName());
    transcript.see("code", connection::getResponseCode);
  }

  private void refused() throws Exception {
    transcript.see("code", () -> https(places.host(), places.port("refused")).getResponseCode());
  }

  private void untrusted() throws Exception {
    transcript.see(
        "code", () -> https("localhost", places.port("tls-untrusted")).getResponseCode());
  }

  private void trusted() throws Exception {
    SSLSocketFactory factory = trusting();
    for (int i = 0; i < 3; i++) {
      HttpsURLConnection connection = https("localhost", places.port("tls"));
      connection.setSSLSocketFactory(factory);
      transcript.see("code", connection::getResponseCode);
      transcript.see("body", () -> Transcript.text(connection.getInputStream()));
      transcript.see("peer", () -> connection.getServerCertificates().length);
      transcript.see("text", connection::toString);
    }
  }

  private void wrongName() throws Exception {
    HttpsURLConnection connection = https("127.0.0.1", places.port("tls-untrusted"));
    connection.setSSLSocketFactory(trusting());
    transcript.see("code", connection::getResponseCode);
  }

  private void wrongNameAccepted() throws Exception {
    HttpsURLConnection connection = https("127.0.0.1", places.port("tls"));
    connection.setSSLSocketFactory(trusting());
    connection.setHostnameVerifier((name, session) -> name.equals("127.0.0.1"));
    transcript.see("code", connection::getResponseCode);
    transcript.see("body", () -> Transcript.text(connection.getInputStream()));
  }

  private void httpToTls() throws Exception {
    HttpURLConnection connection =
        places.openUrl("http://localhost:" + places.port("tls-untrusted") + "/ok");
    transcript.see("code", connection::getResponseCode);
  }

  private static HttpsURLConnection https(String host, int port) throws Exception {
    HttpsURLConnection connection =
        (HttpsURLConnection) new URL("https://" + host + ":" + port + "/ok").openConnection();
    connection.setConnectTimeout(10_000);
    connection.setReadTimeout(10_000);
    return connection;
  }

  private SSLSocketFactory trusting() throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(Path.of(places.text("truststore")))) {
      store.load(in, "changeit".toCharArray());
    }
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return context.getSocketFactory();
  }
}
