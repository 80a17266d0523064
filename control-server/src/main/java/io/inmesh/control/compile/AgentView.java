package io.inmesh.control.compile;

import io.inmesh.engine.model.MeshSnapshot;
import io.inmesh.shaded.protobuf.Any;
import io.inmesh.shaded.protobuf.MessageLite;
import io.inmesh.xds.ResourceCache;
import io.inmesh.xds.ResourceType;
import io.inmesh.xds.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * What an agent makes of what it gets for one authority: the bytes that would be sent go through
 * the agent's own parser.
 *
 * @param snapshot without the authority when it is no mesh host, or when the agent rejects it
 * @param rejection why the agent would reject it; empty when it would not
 */
public record AgentView(MeshSnapshot snapshot, Optional<String> rejection) {
  /** Asks as an agent does whose application called the authority. */
  public static AgentView of(MeshCompiler compiler, Client client, String authority) {
    ResourceCache agent = new ResourceCache();
    agent.subscribe(authority);
    Optional<String> rejection =
        offer(agent, ResourceType.LISTENER, name -> compiler.listener(client, name))
            .or(() -> offer(agent, ResourceType.ROUTE, name -> compiler.routes(client, name)))
            .or(() -> offer(agent, ResourceType.CLUSTER, name -> compiler.cluster(client, name)))
            .or(
                () ->
                    offer(agent, ResourceType.ENDPOINT, name -> compiler.endpoints(client, name)));
    return new AgentView(agent.snapshot(), rejection);
  }

  /** Why an agent would reject a cluster, which no route may name yet. */
  static Optional<String> clusterRejection(MeshCompiler compiler, Client client, String name) {
    return offer(
        new ResourceCache(),
        ResourceType.CLUSTER,
        Set.of(name),
        each -> compiler.cluster(client, each));
  }

  private static Optional<String> offer(
      ResourceCache agent,
      ResourceType type,
      Function<String, Optional<? extends MessageLite>> compiler) {
    return offer(agent, type, agent.wanted(type), compiler);
  }

  private static Optional<String> offer(
      ResourceCache agent,
      ResourceType type,
      Set<String> names,
      Function<String, Optional<? extends MessageLite>> compiler) {
    List<Any> resources = new ArrayList<>();
    Set<String> missing = new LinkedHashSet<>();
    for (String name : names) {
      compiler
          .apply(name)
          .ifPresentOrElse(
              message ->
                  resources.add(
                      Any.newBuilder()
                          .setTypeUrl(type.typeUrl())
                          .setValue(message.toByteString())
                          .build()),
              () -> missing.add(name));
    }
    return agent.accept(type, resources, missing) instanceof Verdict.Rejected rejected
        ? Optional.of(rejected.reason())
        : Optional.empty();
  }
}
