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
 * counters, and for what is made when it is first asked for; any thread.
 */
final class MeshState {
  private final MeshSnapshot snapshot;
  private final Map<String, Host> hosts = new HashMap<>();
  private final Map<String, ClusterLoad> clusters = new HashMap<>();

  /** Prepared when first asked for, so that a swap of many hosts costs no call much. */
  private static final class Host {
    private final Listener listener;

    // Written under the lock on this, read by anybody.
    private volatile @Nullable VirtualHostTable table;

    Host(Listener listener) {
      this.listener = listener;
    }

    VirtualHostTable table() {
      VirtualHostTable made = table;
      return made == null ? make() : made;
    }

    private synchronized VirtualHostTable make() {
      VirtualHostTable made = table;
      if (made == null) {
        made = new VirtualHostTable(listener.routes());
        table = made;
      }
      return made;
    }
  }

  // Identity is meant: what the parser did not make anew did not change, and comparing whole trees
  // would cost more.
  @SuppressWarnings("ReferenceEquality")
  MeshState(MeshSnapshot snapshot, @Nullable MeshState before, CallTools tools) {
    this.snapshot = snapshot;
    for (Map.Entry<String, Listener> entry : snapshot.listeners().entrySet()) {
      Host kept = before == null ? null : before.hosts.get(entry.getKey());
      hosts.put(
          entry.getKey(),
          kept != null && kept.listener == entry.getValue() ? kept : new Host(entry.getValue()));
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
    Host host = hosts.get(authority);
    return host == null ? null : host.table();
  }

  @Nullable ClusterLoad cluster(String name) {
    return clusters.get(name);
  }
}
