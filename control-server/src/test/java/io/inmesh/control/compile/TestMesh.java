package io.inmesh.control.compile;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.control.registry.AgentReport;
import io.inmesh.control.registry.AgentReport.PortMapping;
import io.inmesh.control.registry.ServiceRegistry;
import io.inmesh.control.registry.StoredPolicy;
import io.inmesh.engine.OutboundObserver;
import io.inmesh.engine.OutboundPipeline;
import io.inmesh.engine.RequestView;
import io.inmesh.engine.Step;
import io.inmesh.engine.model.Cluster;
import io.inmesh.engine.model.Listener;
import io.inmesh.engine.model.MeshSnapshot;
import io.inmesh.engine.model.Route;
import io.inmesh.policy.ParsedPolicies;
import io.inmesh.policy.PolicyParser;
import io.inmesh.policy.PolicyResource;
import io.inmesh.policy.ResourceMetadata;
import io.inmesh.xds.ResourceCache;
import io.inmesh.xds.ResourceType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Policy and agents, and what an agent that gets what they compile to decides about a call. */
final class TestMesh {
  private final List<StoredPolicy> policies = new ArrayList<>();
  private final List<AgentReport> agents = new ArrayList<>();
  private final Map<String, OutboundPipeline> pipelines = new HashMap<>();

  /** A call as an application makes it; header names in lower case. */
  record Call(String authority, String method, String path, Map<String, String> headers)
      implements RequestView {
    static Call get(String authority, String path) {
      return new Call(authority, "GET", path, Map.of());
    }

    @Override
    public String scheme() {
      return "http";
    }

    @Override
    public List<String> header(String lowerCaseName) {
      String value = headers.get(lowerCaseName);
      return value == null ? List.of() : List.of(value);
    }
  }

  TestMesh policy(String yaml) {
    ParsedPolicies parsed = PolicyParser.parse("test", yaml);
    assertThat(parsed.problems()).isEmpty();
    for (PolicyResource resource : parsed.resources()) {
      policies.add(new StoredPolicy(inNamespace(resource), policies.size() + 1L));
    }
    pipelines.clear();
    return this;
  }

  private static PolicyResource inNamespace(PolicyResource resource) {
    ResourceMetadata old = resource.metadata();
    return new PolicyResource(
        resource.apiVersion(),
        resource.kind(),
        new ResourceMetadata(
            old.name(),
            old.namespaceOr("default"),
            old.labels(),
            old.annotations(),
            null,
            null,
            0,
            null),
        resource.spec(),
        resource.json());
  }

  TestMesh agent(String name, String service, int port, int target, String version) {
    agents.add(
        new AgentReport(
            name,
            "default",
            service,
            "127.0.0.1",
            List.of(new PortMapping(port, target)),
            Map.of("version", version),
            false,
            false,
            0,
            "0.1.0",
            "17",
            1,
            List.of()));
    pipelines.clear();
    return this;
  }

  String decide(String namespace, String authority) {
    return decide(namespace, Call.get(authority, "/"));
  }

  String decide(String namespace, Call call) {
    OutboundPipeline pipeline =
        pipelines.computeIfAbsent(
            namespace + " " + call.authority(),
            unused -> {
              MeshSnapshot snapshot = snapshot(new Client(namespace), call.authority());
              return new OutboundPipeline(
                  () -> snapshot, new Random(7), System::nanoTime, OutboundObserver.NONE);
            });
    try (var outbound = pipeline.begin(call)) {
      Step step = outbound.step();
      if (step instanceof Step.Attempt attempt) {
        return attempt.endpoint().address() + ":" + attempt.endpoint().port();
      }
      if (step instanceof Step.LocalReply reply) {
        return reply.status() + " " + reply.flag();
      }
      return step instanceof Step.Untouched ? "untouched" : step.toString();
    }
  }

  /** The routes for an authority; none when calls to it pass untouched. */
  List<Route> routes(Client client, String authority) {
    Listener listener = snapshot(client, authority).listeners().get(authority);
    return listener == null ? List.of() : listener.routes().virtualHosts().get(0).routes();
  }

  /** A cluster that the routes for an authority name. */
  Cluster cluster(Client client, String authority, String name) {
    return requireNonNull(snapshot(client, authority).clusters().get(name), name);
  }

  private MeshSnapshot snapshot(Client client, String authority) {
    MeshCompiler compiler =
        new MeshCompiler(
            new MeshState(
                "1.1", new PolicyIndex(policies), new ServiceRegistry(policies, agents), false));
    ResourceCache cache = new ResourceCache();
    cache.subscribe(authority);
    Offers.offer(cache, ResourceType.LISTENER, name -> compiler.listener(client, name));
    Offers.offer(cache, ResourceType.ROUTE, name -> compiler.routes(client, name));
    Offers.offer(cache, ResourceType.CLUSTER, name -> compiler.cluster(client, name));
    Offers.offer(cache, ResourceType.ENDPOINT, name -> compiler.endpoints(client, name));
    return cache.snapshot();
  }
}
