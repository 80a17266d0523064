package io.inmesh.policy;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How one endpoint is chosen among many.
 *
 * @param locality null = as the mesh does it: nearer endpoints first, if outlier detection is on
 * @param warmup null = a new endpoint gets its whole share at once
 */
public record LoadBalancer(
    Algorithm algorithm, @Nullable LocalitySetting locality, @Nullable Warmup warmup) {

  /** An algorithm without settings. */
  public LoadBalancer(Algorithm algorithm) {
    this(algorithm, null, null);
  }

  /** {@link Simple} or {@link ConsistentHash}. */
  public sealed interface Algorithm {}

  /** The algorithms without parameters. */
  public enum Simple implements Algorithm {
    /** One after the other. */
    ROUND_ROBIN,
    /** The less loaded of two picked at random; Istio's default. */
    LEAST_REQUEST,
    /** By chance. */
    RANDOM,
    /** Where the application connects to. */
    PASSTHROUGH
  }

  /**
   * Calls with the same key go to the same endpoint, as long as it is there.
   *
   * @param key null = calls have none, and are spread by chance
   */
  public record ConsistentHash(@Nullable HashKey key, HashTable table) implements Algorithm {}

  /** What of a call is the key. */
  public sealed interface HashKey {}

  /** The values of a header; its name is in any case. */
  public record HeaderKey(String name) implements HashKey {}

  /**
   * The value of a cookie.
   *
   * @param path of the cookie that is made; "" = none
   * @param ttl when not null, a call without the cookie gets one that lives so long; zero = for the
   *     session
   * @param attributes of the cookie that is made, in order
   */
  public record CookieKey(
      String name, String path, @Nullable Duration ttl, List<CookieAttribute> attributes)
      implements HashKey {
    public CookieKey {
      attributes = List.copyOf(attributes);
    }
  }

  /**
   * {@code SameSite=Strict}.
   *
   * @param value "" = the name stands alone
   */
  public record CookieAttribute(String name, String value) {}

  /** The caller's address. */
  public record SourceIpKey() implements HashKey {}

  /** The first value of a query parameter. */
  public record QueryParameterKey(String name) implements HashKey {}

  /** How keys are laid out over endpoints. */
  public sealed interface HashTable {}

  /**
   * A ring of hashes (ketama).
   *
   * @param minimumSize at most 8388608; Istio's default is 1024
   */
  public record RingHash(int minimumSize) implements HashTable {}

  /**
   * Maglev's table.
   *
   * @param size a prime
   */
  public record Maglev(int size) implements HashTable {}

  /**
   * How the places of endpoints count. Places are {@code region/zone/subzone}, from the left, and
   * may end in {@code *}.
   *
   * @param enabled null = as the mesh has it, which is yes
   * @param distribute shares by place; empty = none
   * @param failover where calls of a region go when it has no healthy endpoint; empty = anywhere
   * @param failoverPriority labels, {@code key} or {@code key=value}: the more of them, from the
   *     first on, an endpoint shares with the caller, the earlier it is used
   */
  public record LocalitySetting(
      @Nullable Boolean enabled,
      List<Distribute> distribute,
      List<Failover> failover,
      List<String> failoverPriority) {
    public LocalitySetting {
      distribute = List.copyOf(distribute);
      failover = List.copyOf(failover);
      failoverPriority = List.copyOf(failoverPriority);
    }
  }

  /**
   * Shares of the calls that come from one place.
   *
   * @param from the caller's place
   * @param to percent by place, 100 in sum
   */
  public record Distribute(String from, Map<String, Integer> to) {
    public Distribute {
      to = Collections.unmodifiableMap(new LinkedHashMap<>(to));
    }
  }

  /**
   * Where calls of a region go when it has no healthy endpoint.
   *
   * @param from the caller's region
   * @param to another region
   */
  public record Failover(String from, String to) {}

  /**
   * A new endpoint's share grows over a time.
   *
   * @param minimumPercent of its share at first, 0-100; Istio's default is 10
   * @param aggression at least 1, which is a straight line; Istio's default
   */
  public record Warmup(Duration duration, double minimumPercent, double aggression) {}
}
