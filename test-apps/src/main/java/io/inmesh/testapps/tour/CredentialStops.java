package io.inmesh.testapps.tour;

import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.HttpCookie;
import java.net.HttpURLConnection;
import java.net.PasswordAuthentication;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** Authenticators and cookies. */
final class CredentialStops {
  private final Transcript transcript;
  private final Places places;

  /** Always the same user; the password as given. */
  static final class Anna extends Authenticator {
    private final String password;

    Anna(String password) {
      this.password = password;
    }

    @Override
    protected @Nullable PasswordAuthentication getPasswordAuthentication() {
      return new PasswordAuthentication("anna", password.toCharArray());
    }
  }

  CredentialStops(Transcript transcript, Places places) {
    this.transcript = transcript;
    this.places = places;
  }

  void visit() {
    transcript.stop("no authenticator", () -> ask("/basic", null));
    transcript.stop("wrong password", () -> ask("/basic?wrong", "wrong"));
    transcript.stop(
        "password",
        () -> {
          ask("/basic", "secret");
          ask("/basic/below", "secret");
          ask("/basic/remembered", null);
        });
    transcript.stop("another realm", () -> ask("/basic-two", "secret"));
    transcript.stop("digest", () -> ask("/digest", "secret"));
    transcript.stop("unknown scheme", () -> ask("/scheme", "secret"));
    transcript.stop("password, POST", this::post);
    transcript.stop("default authenticator", this::byDefault);
    transcript.stop("default cookies", this::cookies);
    transcript.stop("own cookie header", this::ownCookieHeader);
  }

  private void ask(String path, @Nullable String password) throws Exception {
    HttpURLConnection connection = places.open(path);
    if (password != null) {
      connection.setAuthenticator(new Anna(password));
    }
    transcript.see("code", connection::getResponseCode);
    transcript.see("body", () -> Transcript.text(connection.getInputStream()));
    transcript.see("error", () -> Transcript.text(connection.getErrorStream()));
    transcript.see("property", () -> connection.getRequestProperty("Authorization"));
  }

  private void post() throws Exception {
    HttpURLConnection connection = places.open("/basic/post");
    connection.setAuthenticator(new Anna("secret"));
    connection.setDoOutput(true);
    Places.write(connection, "posted with a password");
    transcript.see("code", connection::getResponseCode);
    transcript.see("body", () -> Transcript.text(connection.getInputStream()));
  }

  private void byDefault() throws Exception {
    Authenticator.setDefault(new Anna("secret"));
    try {
      ask("/basic/default", null);
      ask("/basic-three", null);
    } finally {
      Authenticator.setDefault(null);
    }
    transcript.see("gone", () -> places.open("/basic-four").getResponseCode());
  }

  private void cookies() throws Exception {
    CookieManager manager = new CookieManager(null, CookiePolicy.ACCEPT_ALL);
    CookieHandler.setDefault(manager);
    try {
      transcript.see("set", () -> Transcript.text(places.open("/cookies").getInputStream()));
      transcript.see("kept", () -> manager.getCookieStore().getCookies());
      transcript.see("sent", () -> Transcript.text(places.open("/echo").getInputStream()));
      manager.getCookieStore().add(URI.create(places.url("/")), new HttpCookie("mine", "1"));
      HttpURLConnection connection = places.open("/redirect/302?" + places.elsewhere("/echo"));
      transcript.see("elsewhere", () -> Transcript.text(connection.getInputStream()));
      HttpURLConnection redirected = places.open("/cookies-redirect");
      transcript.see("redirected", () -> Transcript.text(redirected.getInputStream()));
      transcript.see("property", () -> redirected.getRequestProperty("Cookie"));
      transcript.see("number", () -> manager.getCookieStore().getCookies().size());
      HttpURLConnection both = places.open("/echo");
      both.setRequestProperty("Cookie", "own=2");
      transcript.see("both", () -> Transcript.text(both.getInputStream()));
    } finally {
      CookieHandler.setDefault(null);
    }
  }

  private void ownCookieHeader() throws Exception {
    HttpURLConnection connection = places.open("/cookies");
    connection.setRequestProperty("Cookie", "own=1");
    transcript.see("code", connection::getResponseCode);
    transcript.see("field", () -> connection.getHeaderField("Set-Cookie"));
    transcript.see("fields", connection::getHeaderFields);
  }
}
