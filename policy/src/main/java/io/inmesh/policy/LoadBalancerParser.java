package io.inmesh.policy;

import io.inmesh.policy.LoadBalancer.Algorithm;
import io.inmesh.policy.LoadBalancer.ConsistentHash;
import io.inmesh.policy.LoadBalancer.CookieAttribute;
import io.inmesh.policy.LoadBalancer.CookieKey;
import io.inmesh.policy.LoadBalancer.HashKey;
import io.inmesh.policy.LoadBalancer.HashTable;
import io.inmesh.policy.LoadBalancer.HeaderKey;
import io.inmesh.policy.LoadBalancer.Maglev;
import io.inmesh.policy.LoadBalancer.QueryParameterKey;
import io.inmesh.policy.LoadBalancer.RingHash;
import io.inmesh.policy.LoadBalancer.Simple;
import io.inmesh.policy.LoadBalancer.SourceIpKey;
import io.inmesh.policy.LoadBalancer.Warmup;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads a {@link LoadBalancer}. */
final class LoadBalancerParser {

  private static final List<String> SIMPLE =
      List.of("UNSPECIFIED", "LEAST_REQUEST", "LEAST_CONN", "ROUND_ROBIN", "RANDOM", "PASSTHROUGH");
  private static final List<String> RECOMMENDED =
      List.of("LEAST_REQUEST", "ROUND_ROBIN", "RANDOM", "PASSTHROUGH");
  private static final String[] KEYS = {
    "httpHeaderName", "httpCookie", "useSourceIp", "httpQueryParameterName"
  };

  private static final int DEFAULT_RING = 1024;

  /** Envoy's. */
  private static final int MAX_RING = 8 * 1024 * 1024;

  /** Istio's bound, exclusive. */
  private static final int MAX_TABLE = 5_000_011;

  private static final double DEFAULT_MINIMUM_PERCENT = 10;

  /**
   * @param outlier whether there is outlier detection beside the load balancer
   */
  static LoadBalancer parse(Fields fields, boolean outlier) {
    fields.excludes("simple", "consistentHash");
    Simple simple =
        fields.get("simple").map(LoadBalancerParser::simple).orElse(Simple.LEAST_REQUEST);
    Algorithm algorithm =
        fields
            .object("consistentHash")
            .<Algorithm>map(LoadBalancerParser::consistentHash)
            .orElse(simple);
    Warmup warmup = warmup(fields);
    if (warmup != null && algorithm != Simple.LEAST_REQUEST && algorithm != Simple.ROUND_ROBIN) {
      fields.noEffect("warmup has no effect but with LEAST_REQUEST and ROUND_ROBIN");
    }
    LoadBalancer loadBalancer =
        new LoadBalancer(
            algorithm,
            fields
                .object("localityLbSetting")
                .map(found -> LocalityParser.parse(found, outlier))
                .orElse(null),
            warmup);
    fields.notSupportedYet("remove it; localityLbSetting is supported", "zoneAwareLbSetting");
    fields.end();
    return loadBalancer;
  }

  private static Simple simple(Value value) {
    return switch (value.oneOf(SIMPLE, RECOMMENDED).orElse("")) {
      case "ROUND_ROBIN" -> Simple.ROUND_ROBIN;
      case "RANDOM" -> Simple.RANDOM;
      case "PASSTHROUGH" -> Simple.PASSTHROUGH;
      default -> Simple.LEAST_REQUEST;
    };
  }

  private static ConsistentHash consistentHash(Fields fields) {
    for (int i = 0; i < KEYS.length; i++) {
      for (int j = i + 1; j < KEYS.length; j++) {
        fields.excludes(KEYS[i], KEYS[j]);
      }
    }
    HashKey key = key(fields);
    if (key == null) {
      fields.warning(
          "names nothing to hash, and so endpoints are chosen by chance; write \"httpHeaderName:"
              + " x-user\"");
    }
    ConsistentHash hash = new ConsistentHash(key, table(fields));
    fields.end();
    return hash;
  }

  private static @Nullable HashKey key(Fields fields) {
    String header = fields.text("httpHeaderName");
    String parameter = fields.text("httpQueryParameterName");
    boolean address = fields.get("useSourceIp").flatMap(Value::bool).orElse(false);
    Optional<CookieKey> cookie = fields.object("httpCookie").map(LoadBalancerParser::cookie);
    if (header != null) {
      return new HeaderKey(header);
    }
    if (parameter != null) {
      return new QueryParameterKey(parameter);
    }
    return cookie.<HashKey>map(found -> found).orElse(address ? new SourceIpKey() : null);
  }

  private static CookieKey cookie(Fields fields) {
    String name = fields.line("name");
    if (name == null) {
      fields.error("the field \"name\" is required; it names the cookie");
    }
    String path = fields.line("path");
    Duration ttl = fields.get("ttl").flatMap(GoDuration::ofSeconds).orElse(null);
    List<CookieAttribute> attributes = new ArrayList<>();
    for (Value item : fields.items("attributes")) {
      item.fields().ifPresent(found -> attributes.add(attribute(found)));
    }
    fields.end();
    return new CookieKey(name == null ? "" : name, path == null ? "" : path, ttl, attributes);
  }

  private static CookieAttribute attribute(Fields fields) {
    String name = fields.line("name");
    if (name == null) {
      fields.error("the field \"name\" is required; it names the attribute, as SameSite");
    }
    String value = fields.line("value");
    fields.end();
    return new CookieAttribute(name == null ? "" : name, value == null ? "" : value);
  }

  private static HashTable table(Fields fields) {
    Optional<Value> old = fields.get("minimumRingSize");
    int oldSize = old.map(LoadBalancerParser::ringSize).orElse(0);
    old.ifPresent(
        value -> value.deprecated("is deprecated; write \"ringHash: {minimumRingSize: 1024}\""));
    fields.excludes("ringHash", "maglev");
    if (oldSize > 0) {
      fields.excludes("minimumRingSize", "ringHash", "maglev");
    }
    Optional<Integer> ring = fields.object("ringHash").map(LoadBalancerParser::ring);
    Optional<Maglev> maglev = fields.object("maglev").map(LoadBalancerParser::maglev);
    if (maglev.isPresent()) {
      return maglev.get();
    }
    int size = ring.orElse(oldSize);
    return new RingHash(size == 0 ? DEFAULT_RING : size);
  }

  private static int ring(Fields fields) {
    int size = fields.get("minimumRingSize").map(LoadBalancerParser::ringSize).orElse(0);
    fields.end();
    return size;
  }

  private static int ringSize(Value value) {
    return value.integer(0, MAX_RING).orElse(0);
  }

  private static Maglev maglev(Fields fields) {
    Optional<Value> value =
        fields.required("tableSize", "it is a prime number below 5000011, as 65537");
    int size = value.map(found -> found.integer(1, MAX_TABLE - 1).orElse(2)).orElse(2);
    // As Envoy and Istio, which let 1 pass for a prime.
    if (size > 1 && !BigInteger.valueOf(size).isProbablePrime(50)) {
      value.ifPresent(
          found ->
              found.error(
                  "must be a prime number, found "
                      + size
                      + "; the next one is "
                      + BigInteger.valueOf(size).nextProbablePrime()));
    }
    fields.end();
    return new Maglev(size);
  }

  private static @Nullable Warmup warmup(Fields fields) {
    Warmup warmup = fields.object("warmup").map(LoadBalancerParser::warmupBlock).orElse(null);
    Optional<Value> old = fields.get("warmupDurationSecs");
    Duration oldDuration = old.flatMap(GoDuration::of).orElse(null);
    old.ifPresent(
        value ->
            value.deprecated(
                fields.has("warmup")
                    ? "is deprecated, and has no effect beside \"warmup\"; remove it"
                    : "is deprecated; write \"warmup: {duration: 10s}\""));
    return warmup != null || oldDuration == null
        ? warmup
        : new Warmup(oldDuration, DEFAULT_MINIMUM_PERCENT, 1);
  }

  private static @Nullable Warmup warmupBlock(Fields fields) {
    Duration duration =
        fields
            .required("duration", "it says how long a new endpoint's share grows")
            .flatMap(GoDuration::of)
            .orElse(null);
    double minimum =
        fields
            .get("minimumPercent")
            .map(value -> value.decimal(0, 100).orElse(0))
            .orElse(DEFAULT_MINIMUM_PERCENT);
    double aggression =
        fields
            .get("aggression")
            .map(value -> value.decimal(1, Double.MAX_VALUE).orElse(1))
            .orElse(1.0);
    fields.end();
    return duration == null ? null : new Warmup(duration, minimum, aggression);
  }

  private LoadBalancerParser() {}
}
