package io.inmesh.cli.api;

import java.util.List;

/** The control server refuses a request, and says why in a Kubernetes {@code Status}. */
public final class RefusedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** One of several reasons: which field, "" when it is none, and what is wrong with it. */
  public record Cause(String field, String message) {}

  private final int code;
  private final transient List<Cause> causes;

  public RefusedException(int code, String message, List<Cause> causes) {
    super(message);
    this.code = code;
    this.causes = List.copyOf(causes);
  }

  /** The HTTP status. */
  public int code() {
    return code;
  }

  /** The single reasons, where there are some. */
  public List<Cause> causes() {
    return causes;
  }
}
