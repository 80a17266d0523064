package io.inmesh.engine;

import io.inmesh.engine.balance.ClusterLoad;
import io.inmesh.engine.model.Cluster;
import io.inmesh.engine.model.Listener;
import io.inmesh.engine.model.MeshSnapshot;
import io.inmesh.engine.route.VirtualHostTable;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot, prepared for decisions. What did not change since the one before is taken over:
 * tables by identity of the listener, counters by cluster and address. Immutable but for those
 * counters; any thread.
 */
final class MeshState {
  private final MeshSnapshot snapshot;
  private final Map<String, VirtualHostTable> hosts = new HashMap<>();
  private final Map<String, ClusterLoad> clusters = new HashMap<>();

  // Identity is meant: what the parser did not make anew did not change, and comparing whole trees
  // would cost more.
  @SuppressWarnings("ReferenceEquality")
  MeshState(MeshSnapshot snapshot, @Nullable MeshState before, CallTools tools) {
    this.snapshot = snapshot;
    for (Map.Entry<String, Listener> entry : snapshot.listeners().entrySet()) {
      VirtualHostTable kept =
          before != null && before.snapshot.listeners().get(entry.getKey()) == entry.getValue()
              ? before.hosts.get(entry.getKey())
              : null;
      hosts.put(
          entry.getKey(), kept == null ? new VirtualHostTable(entry.getValue().routes()) : kept);
    }
    for (Map.Entry<String, Cluster> entry : snapshot.clusters().entrySet()) {
      ClusterLoad kept = before == null ? null : before.clusters.get(entry.getKey());
      clusters.put(
          entry.getKey(),
          kept != null && kept.cluster() == entry.getValue()
              ? kept
              : new ClusterLoad(entry.getValue(), kept, tools.random(), tools.nanoTime()));
    }
  }

  @SuppressWarnings("ReferenceEquality")
  boolean isOf(MeshSnapshot other) {
    return snapshot == other;
  }

  @Nullable VirtualHostTable host(String authority) {
    return hosts.get(authority);
  }

  @Nullable ClusterLoad cluster(String name) {
    return clusters.get(name);
  }
}
