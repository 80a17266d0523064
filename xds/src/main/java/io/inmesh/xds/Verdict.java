package io.inmesh.xds;

/** What became of an xDS response. */
public sealed interface Verdict {
  /** All of it is in force: ACK. */
  record Accepted() implements Verdict {
    static final Accepted INSTANCE = new Accepted();
  }

  /**
   * None of it is in force, and what was before still is: NACK.
   *
   * @param reason resource, field path and what is wrong, one line a resource
   */
  record Rejected(String reason) implements Verdict {}
}
