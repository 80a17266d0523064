package io.inmesh.control.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Tells what would become of a call, and why. Any thread. */
public interface RouteExplainer {
  /**
   * Answers; soon, or when the agent has.
   *
   * @param executor what is done with an agent's answer is done there
   * @return completes with {@link UnanswerableException} when the question names nobody, or an
   *     agent that does not answer
   * @throws UnanswerableException likewise, where that shows at once
   */
  CompletableFuture<ObjectNode> explain(RouteQuestion question, Executor executor);

  /** A question that cannot be answered, with the HTTP status that says so. */
  final class UnanswerableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int code;
    private final String reason;

    public UnanswerableException(int code, String reason, String message) {
      super(message);
      this.code = code;
      this.reason = reason;
    }

    public int code() {
      return code;
    }

    /** Of a Kubernetes {@code Status}. */
    public String reason() {
      return reason;
    }
  }
}
