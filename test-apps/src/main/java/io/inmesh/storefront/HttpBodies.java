package io.inmesh.storefront;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;

/** Bodies of responses. */
final class HttpBodies {

  private HttpBodies() {}

  /** Reads the body to its end, so that the connection can be used again. "" when there is none. */
  static String read(HttpURLConnection call) throws IOException {
    boolean failed = call.getResponseCode() >= 400;
    try (InputStream body = failed ? call.getErrorStream() : call.getInputStream()) {
      return body == null ? "" : new String(body.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
