package io.inmesh.control.explain;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.inmesh.control.api.RouteExplainer;
import io.inmesh.control.api.RouteQuestion;
import io.inmesh.control.compile.AgentView;
import io.inmesh.control.compile.MeshCompiler;
import io.inmesh.control.compile.MeshState;
import io.inmesh.control.push.MeshLoop;
import io.inmesh.control.registry.AgentStatus;
import io.inmesh.engine.Explanation;
import io.inmesh.engine.OutboundObserver;
import io.inmesh.engine.OutboundPipeline;
import io.inmesh.engine.explain.ExplanationReport;
import io.inmesh.xds.wire.HeaderLine;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Answers from policy: compiles what the client's agent would get, has the agent's own parser read
 * it, and asks the agent's own engine. Or asks a live agent, whose engine knows how its endpoints
 * do, and puts policy's words to what it says.
 */
public final class MeshExplainer implements RouteExplainer {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String TLS = "agents leave calls over TLS (https) alone";

  private final MeshLoop loop;

  public MeshExplainer(MeshLoop loop) {
    this.loop = loop;
  }

  @Override
  public CompletableFuture<ObjectNode> explain(RouteQuestion question, Executor executor) {
    Call call = Call.of(question);
    MeshState state = loop.newestState();
    MeshCompiler compiler = new MeshCompiler(state);
    List<AgentStatus> agents = loop.agents();
    Callers callers = new Callers(state, compiler, agents);
    if (!question.agent().isEmpty()) {
      AskedAgent agent = AskedAgent.of(question, agents, callers);
      return fromAgent(compiler, call, agent, executor)
          .thenApply(explanation -> answer(call, List.of(explanation)));
    }
    return CompletableFuture.completedFuture(
        answer(
            call,
            callers.of(question.service(), question.namespace()).stream()
                .map(caller -> fromPolicy(call, new Answer(compiler, call, caller), compiler))
                .toList()));
  }

  private static ObjectNode answer(Call call, List<ObjectNode> explanations) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.set("request", request(call));
    explanations.forEach(answer.putArray("explanations")::add);
    return answer;
  }

  /** As the live agent has it. */
  private CompletableFuture<ObjectNode> fromAgent(
      MeshCompiler compiler, Call call, AskedAgent agent, Executor executor) {
    Answer answer = new Answer(compiler, call, agent.caller());
    agent.notes().forEach(answer::note);
    if (agent.status().report().inert()) {
      return CompletableFuture.completedFuture(
          answer.untouched(
              "agent",
              "the agent is disabled; `meshctl agents enable " + agent.name() + "` enables it"));
    }
    if (call.tls()) {
      return CompletableFuture.completedFuture(answer.untouched("agent", TLS));
    }
    io.inmesh.xds.wire.RouteQuestion.Builder wire =
        io.inmesh.xds.wire.RouteQuestion.newBuilder()
            .setMethod(call.method())
            .setAuthority(call.authority())
            .setPath(call.path());
    for (RouteQuestion.Header header : call.headers()) {
      wire.addHeaders(HeaderLine.newBuilder().setName(header.name()).setValue(header.value()));
    }
    return loop.ask(agent.name(), wire.build())
        .thenApplyAsync(live -> live(compiler, call, answer, live), executor)
        .exceptionallyCompose(
            failure -> CompletableFuture.failedFuture(AskedAgent.unanswerable(failure)));
  }

  private static ObjectNode live(
      MeshCompiler compiler, Call call, Answer answer, Map<String, Object> live) {
    ObjectNode told = JSON.valueToTree(live);
    return switch (told.path("host").asText()) {
      case "known" -> answer.of("agent", (ObjectNode) told.path("explanation"));
      case "absent" -> {
        ObjectNode untouched = JsonNodeFactory.instance.objectNode().put("outcome", "untouched");
        yield answer.of("agent", untouched);
      }
      case "pending" ->
          fromPolicy(
              call,
              answer.note(
                  "the agent has asked for this host and has no whole configuration of it yet: until"
                      + " it has, calls pass as without an agent. This is what policy says"),
              compiler);
      default ->
          fromPolicy(
              call,
              answer.note(
                  "the application has not called this host yet, so the agent has nothing of it:"
                      + " this is what it would get"),
              compiler);
    };
  }

  /** As policy has it. */
  private static ObjectNode fromPolicy(Call call, Answer answer, MeshCompiler compiler) {
    if (call.tls()) {
      return answer.untouched("policy", TLS);
    }
    AgentView view = AgentView.of(compiler, compiler.narrowed(answer.client()), call.authority());
    view.rejection()
        .ifPresent(
            reason ->
                answer.note(
                    "agents reject what policy compiles to, and keep what they have: " + reason));
    OutboundPipeline pipeline =
        new OutboundPipeline(
            view::snapshot, new SplittableRandom(), System::nanoTime, OutboundObserver.NONE);
    Explanation explanation = pipeline.explain(call.asked());
    return answer.of("policy", JSON.valueToTree(ExplanationReport.of(explanation, false)));
  }

  private static ObjectNode request(Call call) {
    ObjectNode request = JsonNodeFactory.instance.objectNode();
    request
        .put("method", call.method())
        .put("url", call.url())
        .put("authority", call.authority())
        .put("path", call.path());
    ArrayNode headers = request.putArray("headers");
    call.headers()
        .forEach(
            header -> headers.addObject().put("name", header.name()).put("value", header.value()));
    return request;
  }
}
