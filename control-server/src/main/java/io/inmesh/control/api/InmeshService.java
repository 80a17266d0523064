package io.inmesh.control.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.inmesh.control.registry.AgentReport;
import io.inmesh.control.registry.AgentStatus;
import io.inmesh.control.registry.ServiceEndpoint;
import io.inmesh.control.registry.ServiceRegistry;
import io.inmesh.policy.Hosts;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code /inmesh/v1}: the agents, their settings, and the services, for {@code meshctl} and people.
 */
public final class InmeshService implements HttpService {
  private final MeshView mesh;
  private final AgentSettingsStore settings;
  private final RouteExplainer explainer;

  public InmeshService(MeshView mesh, AgentSettingsStore settings, RouteExplainer explainer) {
    this.mesh = mesh;
    this.settings = settings;
    this.explainer = explainer;
  }

  @Override
  public HttpResponse serve(ServiceRequestContext ctx, HttpRequest request) {
    String path = ctx.decodedPath();
    List<String> parts = List.of(path.split("/", -1)); // "", "inmesh", "v1", ...
    boolean agents = parts.size() > 3 && parts.get(3).equals("agents");
    if (agents && parts.size() == 6 && parts.get(5).equals("settings")) {
      return settings(ctx, request, parts.get(4));
    }
    if (parts.size() == 4 && parts.get(3).equals("analyze")) {
      return analyze(ctx, request);
    }
    if (parts.size() == 4 && parts.get(3).equals("explain")) {
      return explain(ctx, request);
    }
    JsonNode answer;
    if (agents && parts.size() == 4) {
      answer = agents();
    } else if (agents && parts.size() == 5) {
      answer = agent(find(parts.get(4)));
    } else if (parts.size() == 4 && parts.get(3).equals("services")) {
      answer = services();
    } else {
      throw ApiException.unknownPath(path);
    }
    if (request.method() != HttpMethod.GET && request.method() != HttpMethod.HEAD) {
      throw ApiException.methodNotAllowed(request.method().name(), path, "GET");
    }
    return Json.response(200, answer);
  }

  private HttpResponse analyze(ServiceRequestContext ctx, HttpRequest request) {
    if (request.method() != HttpMethod.POST) {
      throw ApiException.methodNotAllowed(request.method().name(), ctx.decodedPath(), "POST");
    }
    return HttpResponse.of(
        request
            .aggregate()
            .thenApplyAsync(
                body ->
                    Json.response(
                        200,
                        AnalysisRequest.read(body.content().array(), ctx.queryParams())
                            .answer(mesh)),
                ctx.blockingTaskExecutor()));
  }

  private HttpResponse settings(ServiceRequestContext ctx, HttpRequest request, String agent) {
    return switch (request.method()) {
      case GET, HEAD -> Json.response(200, settingsOf(agent, settings.inert(known(agent))));
      case PUT ->
          HttpResponse.of(
              request
                  .aggregate()
                  .thenApplyAsync(body -> changeSettings(agent, body), ctx.blockingTaskExecutor()));
      default ->
          throw ApiException.methodNotAllowed(
              request.method().name(), ctx.decodedPath(), "GET, PUT");
    };
  }

  private HttpResponse changeSettings(String agent, AggregatedHttpRequest request) {
    JsonNode inert;
    try {
      inert = Json.MAPPER.readTree(request.content().array()).path("inert");
    } catch (IOException e) {
      throw ApiException.badRequest("the body is no JSON; send {\"inert\": true} or false");
    }
    if (!inert.isBoolean()) {
      throw ApiException.badRequest(
          "inert: must be true or false; send {\"inert\": true} or {\"inert\": false}");
    }
    refuseGone(agent);
    settings.setInert(known(agent), inert.booleanValue());
    return Json.response(200, settingsOf(agent, inert.booleanValue()));
  }

  private HttpResponse explain(ServiceRequestContext ctx, HttpRequest request) {
    if (request.method() != HttpMethod.POST) {
      throw ApiException.methodNotAllowed(request.method().name(), ctx.decodedPath(), "POST");
    }
    return HttpResponse.of(
        request
            .aggregate()
            .thenApplyAsync(
                body -> ExplainRequest.read(body.content().array()), ctx.blockingTaskExecutor())
            .thenCompose(question -> explainer.explain(question, ctx.blockingTaskExecutor()))
            .thenApply(answer -> Json.response(200, answer)));
  }

  private static ObjectNode settingsOf(String agent, boolean inert) {
    return Json.object().put("name", agent).put("inert", inert);
  }

  /** A setting for a name that nobody has would be a typing error that looks like success. */
  private String known(String agent) {
    return settings.has(agent) ? agent : find(agent).report().instance();
  }

  /** A switch that nobody hears would look like one that works. */
  private void refuseGone(String name) {
    if (named(name).filter(agent -> agent.state().equals("gone")).isPresent()) {
      throw new ApiException(
          409,
          "Conflict",
          "the agent \"" + name + "\" is gone: its process has ended, or lost its connection");
    }
  }

  private Optional<AgentStatus> named(String name) {
    return mesh.agents().stream()
        .filter(agent -> agent.report().instance().equals(name))
        .findFirst();
  }

  private AgentStatus find(String name) {
    return named(name)
        .orElseThrow(
            () ->
                new ApiException(
                    404,
                    "NotFound",
                    "no agent \"" + name + "\" is known; GET /inmesh/v1/agents lists them"));
  }

  private ObjectNode agents() {
    ObjectNode list = Json.object();
    ArrayNode items = list.putArray("items");
    mesh.agents().forEach(agent -> items.add(agent(agent)));
    return list;
  }

  private static ObjectNode agent(AgentStatus status) {
    AgentReport report = status.report();
    ObjectNode agent =
        Json.object()
            .put("name", report.instance())
            .put("namespace", report.namespace())
            .put("service", report.service())
            .put("agentVersion", report.agentVersion())
            .put("java", report.java())
            .put("pid", report.pid())
            .put("address", report.address());
    ArrayNode ports = agent.putArray("ports");
    report
        .ports()
        .forEach(
            port -> ports.addObject().put("service", port.service()).put("target", port.target()));
    agent.set("labels", Json.MAPPER.valueToTree(report.labels()));
    agent
        .put("state", status.state())
        .put("connectedAt", status.connectedAt().toString())
        .put("inert", report.inert())
        .put("suppressedErrors", report.suppressedErrors());
    agent.set("hooks", Json.MAPPER.valueToTree(report.hooks()));
    ObjectNode sync = agent.putObject("sync");
    for (String type : List.of("LDS", "RDS", "CDS", "EDS")) {
      AgentStatus.Sync of =
          status.sync().getOrDefault(type, new AgentStatus.Sync("NOT_SENT", "", 0, ""));
      sync.putObject(type)
          .put("state", of.state())
          .put("version", of.version())
          .put("resources", of.resources())
          .put("error", of.error());
    }
    return agent;
  }

  private ObjectNode services() {
    ServiceRegistry services = mesh.services();
    ObjectNode list = Json.object();
    ArrayNode items = list.putArray("items");
    for (String host : mesh.hosts()) {
      String namespace = namespace(services, host);
      Set<Integer> ports = services.ports(host, namespace);
      ObjectNode item = items.addObject().put("host", host).put("namespace", namespace);
      ArrayNode portList = item.putArray("ports");
      ArrayNode endpoints = item.putArray("endpoints");
      for (int port : ports) {
        portList.add(port);
        services.endpoints(host, port, namespace).forEach(each -> endpoints.add(endpoint(each)));
      }
      item.put("policy", mesh.hasPolicy(host));
    }
    return list;
  }

  private static ObjectNode endpoint(ServiceEndpoint endpoint) {
    ObjectNode node = Json.object().put("address", endpoint.address()).put("port", endpoint.port());
    node.set("labels", Json.MAPPER.valueToTree(endpoint.labels()));
    return node.put("source", endpoint.source());
  }

  private static String namespace(ServiceRegistry services, String host) {
    String suffix = "." + Hosts.CLUSTER_DOMAIN;
    if (host.endsWith(suffix)) {
      String name = host.substring(0, host.length() - suffix.length());
      return name.substring(name.indexOf('.') + 1);
    }
    return services.entry(host, "").map(entry -> entry.namespace()).orElse("");
  }
}
