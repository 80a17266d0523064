package io.inmesh.storefront;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;

/** A call of another service on behalf of a visitor: the plain HttpURLConnection of the JDK. */
final class Dependency {

  private static final int CONNECT_TIMEOUT_MILLIS = 2_000;

  /** Who the visitor is: passed on, so that services behind can tell too. */
  private static final String USER = "end-user";

  /** What came of it. */
  enum Outcome {
    SERVED,
    FAILED,
    /** The caller had waited as long as it wanted to. */
    OUT_OF_TIME
  }

  /**
   * An answer, as JSON.
   *
   * @param json the other service's own, on lines of its own, or {@code {"error":...}}
   */
  record Reply(Outcome outcome, String json) {}

  private Dependency() {}

  /** Asks once. An answer that is not 200 is a failure, as a call that gets none is. */
  static Reply ask(String service, URI url, int timeoutMillis, HttpExchange visitor) {
    try {
      HttpURLConnection call = (HttpURLConnection) url.toURL().openConnection();
      call.setConnectTimeout(CONNECT_TIMEOUT_MILLIS);
      call.setReadTimeout(timeoutMillis);
      String user = visitor.getRequestHeaders().getFirst(USER);
      if (user != null) {
        call.setRequestProperty(USER, user);
      }
      int status = call.getResponseCode();
      String body = HttpBodies.read(call);
      return status == 200
          ? new Reply(Outcome.SERVED, "\n" + body.strip().indent(2).stripTrailing())
          : failure(Outcome.FAILED, service + " answered " + status + ": " + body.strip());
    } catch (SocketTimeoutException e) {
      return failure(Outcome.OUT_OF_TIME, service + " did not answer in time: " + e.getMessage());
    } catch (IOException e) {
      return failure(Outcome.FAILED, "cannot call " + service + ": " + e);
    }
  }

  private static Reply failure(Outcome outcome, String reason) {
    return new Reply(outcome, "{\"error\":" + JsonHttpServer.quoted(reason) + "}");
  }
}
