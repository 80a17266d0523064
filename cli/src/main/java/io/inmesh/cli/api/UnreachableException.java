package io.inmesh.cli.api;

import java.net.URI;

/** The control server does not answer, or not as one. */
public final class UnreachableException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final URI server;

  public UnreachableException(URI server, String reason, Throwable cause) {
    super("the control server at " + server + " does not answer: " + reason, cause);
    this.server = server;
  }

  private UnreachableException(URI server, String message) {
    super(message);
    this.server = server;
  }

  /**
   * Something answers, and it is no control server.
   *
   * @param got what it answered: {@code GET /version got HTTP 200 without JSON}
   */
  static UnreachableException stranger(URI server, String got) {
    return new UnreachableException(
        server, "what answers at " + server + " is not an Inmesh control server (" + got + ")");
  }

  /** Where it was looked for. */
  public URI server() {
    return server;
  }
}
