package io.inmesh.engine.model;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How a cluster chooses among its endpoints (Envoy: Cluster.lb_policy). */
public sealed interface LbPolicy {
  /** The less busy of two, or weighted by how busy each is. */
  record LeastRequest(@Nullable SlowStart slowStart) implements LbPolicy {}

  /** In turn, by weight. */
  record RoundRobin(@Nullable SlowStart slowStart) implements LbPolicy {}

  /** By chance, by weight. */
  record Random() implements LbPolicy {}

  /** A call's key decides, on a ring of hashes (ketama). */
  record RingHash(long minimumSize, long maximumSize) implements LbPolicy {}

  /** A call's key decides, by Maglev's table. */
  record Maglev(int tableSize) implements LbPolicy {}

  /** Where the application connects to, whatever the endpoints (Envoy: ORIGINAL_DST). */
  record Passthrough() implements LbPolicy {}

  /** Envoy's default. */
  LbPolicy LEAST_REQUEST = new LeastRequest(null);

  LbPolicy ROUND_ROBIN = new RoundRobin(null);

  /** An endpoint's share grows over a window after it came (Envoy: SlowStartConfig). */
  record SlowStart(Duration window, double minimumPercent, double aggression) {}
}
