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

  /** Where it was looked for. */
  public URI server() {
    return server;
  }
}
