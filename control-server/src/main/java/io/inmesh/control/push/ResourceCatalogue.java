package io.inmesh.control.push;

import io.inmesh.control.compile.Client;
import io.inmesh.control.compile.MeshCompiler;
import io.inmesh.control.compile.MeshState;
import io.inmesh.control.registry.AgentReport;
import io.inmesh.shaded.protobuf.Any;
import io.inmesh.shaded.protobuf.MessageLite;
import io.inmesh.xds.ResourceType;
import io.inmesh.xds.wire.AgentSettings;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The resources of one state of the mesh, compiled and serialised when the first agent asks and
 * shared by all that ask for the same. Owned by the loop's thread.
 */
final class ResourceCatalogue {
  private static final Logger LOG = LoggerFactory.getLogger(ResourceCatalogue.class);

  private final MeshState state;
  private final MeshCompiler compiler;
  private final Set<String> inertAgents;
  private final Map<Key, Optional<Any>> resources = new HashMap<>();

  /** What the state before had, while the change to this one is under way. */
  private @Nullable Map<Key, Optional<Any>> before;

  ResourceCatalogue(MeshState state, Set<String> inertAgents, @Nullable ResourceCatalogue before) {
    this.state = state;
    this.compiler = new MeshCompiler(state);
    this.inertAgents = Set.copyOf(inertAgents);
    this.before = before == null ? null : before.resources;
  }

  private record Key(ResourceType type, Client client, String name) {}

  String version() {
    return state.version();
  }

  /**
   * @param client as {@link #narrowed}, so that agents share what is the same for them
   */
  Optional<Any> get(ResourceType type, Client client, String name) {
    Key key = new Key(type, client, name);
    Optional<Any> known = resources.get(key);
    if (known == null) {
      Map<Key, Optional<Any>> old = before;
      known = make(key, old == null ? Optional.empty() : old.getOrDefault(key, Optional.empty()));
      resources.put(key, known);
    }
    return known;
  }

  /** A resource whose bytes did not change stays the same object: then nothing is sent. */
  private Optional<Any> make(Key key, Optional<Any> old) {
    Optional<Any> made;
    try {
      made = compile(key).map(message -> any(key.type(), message));
    } catch (RuntimeException e) {
      // One host's trouble is not the others': what agents have of it stays in force.
      LOG.error("cannot compile {} {}; agents keep what they have", key.type(), key.name(), e);
      return old;
    }
    return made.equals(old) ? old : made;
  }

  private Optional<? extends MessageLite> compile(Key key) {
    return switch (key.type()) {
      case LISTENER -> compiler.listener(key.client(), key.name());
      case ROUTE -> compiler.routes(key.client(), key.name());
      case CLUSTER -> compiler.cluster(key.client(), key.name());
      case ENDPOINT -> compiler.endpoints(key.client(), key.name());
      case SETTINGS ->
          Optional.of(
              AgentSettings.newBuilder()
                  .setName(key.name())
                  .setInert(inertAgents.contains(key.name()))
                  .build());
    };
  }

  private static Any any(ResourceType type, MessageLite message) {
    return Any.newBuilder().setTypeUrl(type.typeUrl()).setValue(message.toByteString()).build();
  }

  /** As much of an agent as decides what it gets. */
  Client narrowed(AgentReport agent) {
    return compiler.narrowed(new Client(agent.namespace(), agent.labels()));
  }

  /** Whether agents that connect may add to a cluster's endpoints. */
  boolean agentsMayServe(String namespace, String cluster) {
    return compiler.agentsMayServe(namespace, cluster);
  }

  /** Lets go of the state before; every stream has seen this one. */
  void settle() {
    before = null;
  }
}
