package io.inmesh.control.golden;

import io.inmesh.control.compile.AgentCheck;
import io.inmesh.control.compile.Client;
import io.inmesh.control.compile.MeshCompiler;
import io.inmesh.control.compile.MeshState;
import io.inmesh.control.compile.Offers;
import io.inmesh.control.compile.PolicyIndex;
import io.inmesh.control.registry.ServiceRegistry;
import io.inmesh.control.registry.StoredPolicy;
import io.inmesh.engine.model.MeshSnapshot;
import io.inmesh.golden.GoldenCase;
import io.inmesh.golden.GoldenData;
import io.inmesh.policy.ParsedPolicies;
import io.inmesh.policy.PolicyParser;
import io.inmesh.policy.PolicyResource;
import io.inmesh.policy.ResourceMetadata;
import io.inmesh.xds.ResourceCache;
import io.inmesh.xds.ResourceType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The way from a case's policy to what its client's agent knows: the parser of policy, the
 * compiler, the bytes, and the agent's own parser of those.
 */
final class GoldenMesh {
  private static final String DEFAULT_NAMESPACE = "default";

  private static final List<ResourceType> IN_ORDER =
      List.of(
          ResourceType.LISTENER, ResourceType.ROUTE, ResourceType.CLUSTER, ResourceType.ENDPOINT);

  private static final List<StoredPolicy> SERVICES =
      stored(PolicyParser.parse("services.yaml", GoldenData.text("services.yaml")));

  private final List<StoredPolicy> policies;
  private final List<String> problems = new ArrayList<>();

  GoldenMesh(String policy) {
    List<StoredPolicy> own = List.of();
    if (!policy.isBlank()) {
      ParsedPolicies parsed = PolicyParser.parse("policy.yaml", policy);
      parsed.errors().forEach(problem -> problems.add("policy: " + problem));
      own = stored(parsed);
    }
    policies = new ArrayList<>(SERVICES);
    policies.addAll(own);
    for (StoredPolicy each : own) {
      AgentCheck.problems(policies, new ServiceRegistry(policies, List.of()), each.resource())
          .forEach(problem -> problems.add("agent: " + problem));
    }
  }

  /** Why the policy would not be taken; empty when it would. */
  List<String> problems() {
    return problems;
  }

  /** What the client's agent knows once it asked for some authorities. */
  MeshSnapshot snapshot(GoldenCase.Client workload, Collection<String> authorities) {
    MeshCompiler compiler =
        new MeshCompiler(
            new MeshState(
                "1.1", new PolicyIndex(policies), new ServiceRegistry(policies, List.of()), false));
    // Narrowed as the server does it, so that agents share what is the same for them.
    Client client = compiler.narrowed(new Client(workload.namespace(), workload.labels()));
    ResourceCache agent = new ResourceCache();
    authorities.forEach(agent::subscribe);
    for (ResourceType type : IN_ORDER) {
      Offers.offer(
          agent,
          type,
          name ->
              switch (type) {
                case LISTENER -> compiler.listener(client, name);
                case ROUTE -> compiler.routes(client, name);
                case CLUSTER -> compiler.cluster(client, name);
                case ENDPOINT -> compiler.endpoints(client, name);
                case SETTINGS -> Optional.empty();
              });
    }
    return agent.snapshot();
  }

  private static List<StoredPolicy> stored(ParsedPolicies parsed) {
    List<StoredPolicy> stored = new ArrayList<>();
    for (PolicyResource resource : parsed.resources()) {
      // What has no time was first, as istiod has it for files: then names decide.
      Instant created = resource.metadata().creationTimestamp();
      stored.add(
          new StoredPolicy(inNamespace(resource), created == null ? 0 : created.getEpochSecond()));
    }
    return stored;
  }

  private static PolicyResource inNamespace(PolicyResource resource) {
    ResourceMetadata old = resource.metadata();
    return new PolicyResource(
        resource.apiVersion(),
        resource.kind(),
        new ResourceMetadata(
            old.name(),
            old.namespaceOr(DEFAULT_NAMESPACE),
            old.labels(),
            old.annotations(),
            null,
            null,
            0,
            null),
        resource.spec(),
        resource.json());
  }
}
