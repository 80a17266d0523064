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
import io.inmesh.engine.Explanation;
import io.inmesh.engine.OutboundObserver;
import io.inmesh.engine.OutboundPipeline;
import io.inmesh.engine.explain.ExplanationReport;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

/**
 * Answers from policy: compiles what the client's agent would get, has the agent's own parser read
 * it, and asks the agent's own engine.
 */
public final class MeshExplainer implements RouteExplainer {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final MeshLoop loop;

  public MeshExplainer(MeshLoop loop) {
    this.loop = loop;
  }

  @Override
  public CompletableFuture<ObjectNode> explain(RouteQuestion question) {
    Call call = Call.of(question);
    MeshState state = loop.newestState();
    MeshCompiler compiler = new MeshCompiler(state);
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.set("request", request(call));
    ArrayNode explanations = answer.putArray("explanations");
    Callers callers = new Callers(state, compiler, loop.agents());
    for (Caller caller : callers.of(question.service(), question.namespace())) {
      explanations.add(fromPolicy(compiler, call, caller));
    }
    return CompletableFuture.completedFuture(answer);
  }

  private static ObjectNode fromPolicy(MeshCompiler compiler, Call call, Caller caller) {
    Answer answer = new Answer(compiler, call, caller);
    if (call.tls()) {
      return answer.untouched("policy", "agents leave calls over TLS (https) alone");
    }
    AgentView view = AgentView.of(compiler, compiler.narrowed(caller.client()), call.authority());
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
