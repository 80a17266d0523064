package io.inmesh.engine.model;

import java.util.Map;

/** Everything that an agent knows about the mesh, whole hosts only. */
public record MeshSnapshot(Map<String, Listener> listeners, Map<String, Cluster> clusters) {
  /** Knows no host. */
  public static final MeshSnapshot EMPTY = new MeshSnapshot(Map.of(), Map.of());

  public MeshSnapshot {
    listeners = Map.copyOf(listeners);
    clusters = Map.copyOf(clusters);
  }
}
