package io.inmesh.golden.generated;

import static io.inmesh.golden.generated.Json.array;
import static io.inmesh.golden.generated.Json.object;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** What goes wrong at backends, and what policy says about it. */
final class Trouble {
  /** Later than every timeout that the cases set, and sooner than the recorder's patience. */
  static final int LATE = 900;

  private static final List<String> CONDITIONS =
      List.of(
          "5xx",
          "gateway-error",
          "reset",
          "reset-before-request",
          "connect-failure",
          "refused-stream",
          "retriable-4xx",
          "retriable-status-codes",
          "retriable-headers",
          "envoy-ratelimited",
          "cancelled",
          "deadline-exceeded",
          "internal",
          "resource-exhausted",
          "unavailable",
          "http3-post-connect-failure");

  private static final List<String> CODES = List.of("409", "429", "500", "503", "404", "200");

  static ObjectNode retries(Dice dice) {
    if (dice.chance(5)) {
      return object("attempts", 0);
    }
    ObjectNode retries = object("attempts", dice.between(1, 4));
    if (dice.chance(85)) {
      retries.put("retryOn", retryOn(dice));
    }
    if (dice.chance(30)) {
      retries.put("perTryTimeout", dice.pick("250ms", "0.3s"));
    }
    if (dice.chance(30)) {
      retries.put("backoff", dice.pick("1ms", "10ms", "50ms"));
    }
    if (dice.chance(15)) {
      retries.put("retryIgnorePreviousHosts", dice.chance(50));
    }
    return retries;
  }

  private static String retryOn(Dice dice) {
    List<String> parts = new java.util.ArrayList<>(dice.some(1, 3, CONDITIONS));
    if (dice.chance(35)) {
      parts.addAll(dice.some(1, 2, CODES));
    }
    return String.join(",", parts);
  }

  /** One answer of a backend. */
  static ObjectNode step(Dice dice) {
    int what = dice.between(0, 99);
    if (what < 30) {
      return object("status", dice.pick(200, 200, 200, 201, 204, 304));
    } else if (what < 75) {
      return object("status", dice.pick(500, 502, 503, 504, 501, 599, 409, 429, 404, 400, 408));
    } else if (what < 90) {
      return object("action", dice.pick("reset", "close"));
    } else if (what < 95) {
      return object(
          "status",
          dice.pick(200, 503),
          "headers",
          object("grpc-status", dice.pick("1", "4", "8", "13", "14", "2")));
    }
    return object(
        "status",
        dice.pick(429, 503),
        "headers",
        object(dice.pick("x-envoy-ratelimited", "x-envoy-overloaded", "retry-after"), "1"));
  }

  /** A backend that is late, or not. */
  static ObjectNode lateStep(Dice dice) {
    ObjectNode step = object("status", dice.pick(200, 200, 503));
    if (dice.chance(60)) {
      step.put("delayMs", LATE);
    }
    return step;
  }

  /** Answers for each attempt of one call. */
  static Probe troubled(Dice dice, Probe probe, boolean late) {
    int steps = dice.between(1, 4);
    for (int i = 0; i < steps; i++) {
      probe.step(late && dice.chance(60) ? lateStep(dice) : step(dice));
    }
    return probe;
  }

  static ObjectNode cors(Dice dice) {
    ObjectNode cors =
        object(
            "allowOrigins",
            array(
                dice.some(
                    1,
                    2,
                    List.of(
                        object("exact", "https://a.example.com"),
                        object("exact", "*"),
                        object("prefix", "https://a"),
                        object("regex", "https://[a-z]+\\.example\\.com")))));
    if (dice.chance(70)) {
      cors.set("allowMethods", array(dice.some(1, 2, List.of("GET", "POST", "PUT"))));
    }
    if (dice.chance(50)) {
      cors.set("allowHeaders", array(dice.some(1, 2, List.of("x-a", "x-b", "content-type"))));
    }
    if (dice.chance(50)) {
      cors.set("exposeHeaders", array(dice.some(1, 2, List.of("x-from", "x-s"))));
    }
    if (dice.chance(40)) {
      cors.put("maxAge", dice.pick("24h", "1s", "90s"));
    }
    if (dice.chance(40)) {
      cors.put("allowCredentials", dice.chance(50));
    }
    if (dice.chance(40)) {
      cors.put("unmatchedPreflights", dice.pick("FORWARD", "IGNORE", "UNSPECIFIED"));
    }
    return cors;
  }

  /** What a browser would send. */
  static Probe fromBrowser(Dice dice, Probe probe) {
    if (dice.chance(85)) {
      probe.header(
          "origin",
          dice.pick(
              "https://a.example.com",
              "https://b.example.com",
              "https://other.net",
              "null",
              "https://A.example.com"));
    }
    if (dice.chance(60)) {
      probe.method("OPTIONS");
      if (dice.chance(85)) {
        probe.header("access-control-request-method", dice.pick("GET", "PUT", "DELETE"));
      }
      if (dice.chance(40)) {
        probe.header("access-control-request-headers", "x-a");
      }
    }
    return probe;
  }

  private Trouble() {}
}
