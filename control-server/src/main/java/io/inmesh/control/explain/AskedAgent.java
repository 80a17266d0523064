package io.inmesh.control.explain;

import io.inmesh.control.api.RouteExplainer.UnanswerableException;
import io.inmesh.control.api.RouteQuestion;
import io.inmesh.control.push.AgentSilentException;
import io.inmesh.control.registry.AgentReport;
import io.inmesh.control.registry.AgentStatus;
import io.inmesh.policy.NearestName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;

/** The agent that a question is put to. */
record AskedAgent(AgentStatus status) {
  private static final int CONFLICT = 409;

  /**
   * Finds it.
   *
   * @throws UnanswerableException if there is none of that name, or if it serves another service
   *     than the question says
   */
  static AskedAgent of(RouteQuestion question, List<AgentStatus> agents, Callers callers) {
    List<String> names = agents.stream().map(agent -> agent.report().instance()).toList();
    AgentStatus found =
        agents.stream()
            .filter(agent -> agent.report().instance().equals(question.agent()))
            .findFirst()
            .orElseThrow(
                () ->
                    new UnanswerableException(
                        404,
                        "NotFound",
                        "agent: no agent \""
                            + question.agent()
                            + "\" is known"
                            + NearestName.hint(question.agent(), names)));
    if (!question.service().isEmpty()) {
      String host = callers.host(question.service(), question.namespace());
      if (!host.equals(found.report().host())) {
        throw new UnanswerableException(
            CONFLICT,
            "Conflict",
            "from: the agent \""
                + question.agent()
                + "\" serves "
                + (found.report().host().isEmpty() ? "no service" : found.report().host())
                + ", not "
                + host);
      }
    }
    return new AskedAgent(found);
  }

  String name() {
    return status.report().instance();
  }

  Caller caller() {
    AgentReport report = status.report();
    return new Caller(
        report.host(), report.namespace(), report.labels(), List.of("agent/" + name()));
  }

  /** What of its configuration is not policy's newest. */
  List<String> notes() {
    List<String> notes = new ArrayList<>();
    for (Map.Entry<String, AgentStatus.Sync> each : new TreeMap<>(status.sync()).entrySet()) {
      switch (each.getValue().state()) {
        case "NACKED" ->
            notes.add(
                "the agent refused the newest "
                    + each.getKey()
                    + " and keeps what it had: "
                    + each.getValue().error());
        case "STALE" -> notes.add("the agent has not acknowledged the newest " + each.getKey());
        default -> {
          // It has what there is, or asked for none.
        }
      }
    }
    return notes;
  }

  /** Why an agent does not answer, as the REST side tells it. */
  static Throwable unanswerable(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (!(cause instanceof AgentSilentException silent)) {
      return cause;
    }
    String message = String.valueOf(silent.getMessage());
    return switch (silent.why()) {
      case UNKNOWN -> new UnanswerableException(404, "NotFound", message);
      case GONE, TOO_OLD -> new UnanswerableException(CONFLICT, "Conflict", message);
      case LATE -> new UnanswerableException(504, "Timeout", message);
      case FAILED -> new UnanswerableException(502, "AgentFailed", message);
    };
  }
}
