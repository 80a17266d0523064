package io.inmesh.control.push;

import io.inmesh.control.push.AgentSilentException.Cause;
import io.inmesh.shaded.envoy.service.discovery.v3.DiscoveryRequest;
import io.inmesh.shaded.envoy.service.discovery.v3.DiscoveryResponse;
import io.inmesh.shaded.protobuf.Any;
import io.inmesh.shaded.protobuf.Struct;
import io.inmesh.xds.Questions;
import io.inmesh.xds.wire.AgentQuestion;
import io.inmesh.xds.wire.RouteQuestion;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * The questions to one agent that wait for their answers. Owned by the loop's thread, on which the
 * answers complete.
 */
final class OpenQuestions {
  private final Map<String, CompletableFuture<Map<String, Object>>> open = new HashMap<>();
  private boolean answers;
  private long asked;

  /** Whether the agent has said that it answers. */
  boolean answers() {
    return answers;
  }

  /**
   * Asks.
   *
   * @param answer completed when the agent answers, or leaves
   */
  void ask(
      String agent,
      RouteQuestion question,
      CompletableFuture<Map<String, Object>> answer,
      AdsStream.Outlet outlet) {
    String id = Long.toString(++asked);
    AgentQuestion message =
        AgentQuestion.newBuilder().setName(agent).setId(id).setExplainRoute(question).build();
    open.put(id, answer);
    outlet.send(
        DiscoveryResponse.newBuilder()
            .setTypeUrl(Questions.TYPE_URL)
            .setVersionInfo(id)
            .setNonce(id)
            .addResources(
                Any.newBuilder().setTypeUrl(Questions.TYPE_URL).setValue(message.toByteString()))
            .build());
  }

  /** Takes in what an agent says of questions: that it answers them, or an answer. */
  void request(DiscoveryRequest request) {
    answers = true;
    Struct metadata = request.getNode().getMetadata();
    if (!metadata.containsFields(Questions.ANSWER)) {
      return;
    }
    Map<String, Object> answer =
        NodeReader.plain(metadata.getFieldsOrThrow(Questions.ANSWER).getStructValue());
    CompletableFuture<Map<String, Object>> waiting = open.remove(String.valueOf(answer.get("id")));
    if (waiting == null) {
      return; // nobody waits any more
    }
    if (answer.get("answer") instanceof Map<?, ?> plain) {
      Map<String, Object> named = new HashMap<>();
      plain.forEach((name, value) -> named.put(String.valueOf(name), value));
      waiting.complete(named);
    } else {
      waiting.completeExceptionally(
          new AgentSilentException(
              Cause.FAILED, "the agent could not answer: " + answer.get("error")));
    }
  }

  /** The agent has left. */
  void close() {
    open.values()
        .forEach(
            waiting ->
                waiting.completeExceptionally(
                    new AgentSilentException(Cause.GONE, "the agent left before it had answered")));
    open.clear();
  }

  /** Lets go of questions that nobody waits for any more. */
  void forgetFinished() {
    open.values().removeIf(CompletableFuture::isDone);
  }
}
