package io.inmesh.control.push;

/** An agent that cannot be asked, or that does not answer; the message says why and what to do. */
public final class AgentSilentException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final Cause cause;

  /** Why there is no answer. */
  public enum Cause {
    /** Nobody of that name is known. */
    UNKNOWN,
    /** It is not there to be asked. */
    GONE,
    /** Its version cannot answer. */
    TOO_OLD,
    /** It did not answer in time. */
    LATE,
    /** It answered that it could not. */
    FAILED
  }

  AgentSilentException(Cause cause, String message) {
    super(message);
    this.cause = cause;
  }

  public Cause why() {
    return cause;
  }
}
