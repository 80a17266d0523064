package io.inmesh.golden.generated;

import static io.inmesh.golden.generated.Json.array;
import static io.inmesh.golden.generated.Json.object;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** What happens when something goes wrong. */
final class ResilienceFamilies {
  static void retry(Sketch sketch) {
    Dice dice = sketch.dice();
    boolean several = dice.chance(25);
    Service service = several ? sketch.service(dice.pick("payments", "users")) : orders(sketch);
    ObjectNode rule =
        several ? Actions.to(service) : Actions.toSubset(service, dice.pick("v1", "v2", "v3"));
    if (several) {
      sketch.mask();
    }
    if (dice.chance(92)) {
      rule.set("retries", Trouble.retries(dice));
    }
    boolean late = rule.path("retries").has("perTryTimeout");
    if (late && dice.chance(50)) {
      rule.put("timeout", dice.pick("3s", "500ms"));
    }
    sketch.virtualService(List.of(service.host()), array(rule));
    for (int i = 0; i < 5; i++) {
      sketch.ask(Trouble.troubled(dice, call(dice, service), late));
    }
  }

  static Probe call(Dice dice, Service service) {
    Probe probe = new Probe(service.at(8080)).path(dice.pick("/", "/a", "/a/b?q=1"));
    if (dice.chance(10)) {
      // What an application may ask of an Envoy itself is not for it to say in a mesh.
      probe.header(
          dice.pick("x-envoy-retry-on", "x-envoy-retry-grpc-on"), dice.pick("5xx", "unavailable"));
      probe.header("x-envoy-max-retries", "3");
    }
    if (dice.chance(40)) {
      probe.method(dice.pick("POST", "PUT", "PATCH", "DELETE"));
      if (dice.chance(60)) {
        probe.body("payload");
      }
    }
    return probe;
  }

  static void timeout(Sketch sketch) {
    Dice dice = sketch.dice();
    Service orders = orders(sketch);
    ObjectNode rule = Actions.toSubset(orders, "v1");
    if (dice.chance(80)) {
      rule.put("timeout", dice.pick("0.4s", "400ms", "2s"));
    }
    if (dice.chance(60)) {
      rule.set("retries", Trouble.retries(dice));
    }
    if (dice.chance(20)) {
      rule.set("fault", Actions.fault(dice, false));
    }
    if (dice.chance(20)) {
      rule.set("headers", Actions.headers(dice, false));
    }
    sketch.virtualService(List.of(orders.host()), array(rule));
    for (int i = 0; i < 4; i++) {
      Probe probe = call(dice, orders);
      // With every attempt less is left of it, by chance: a header that backends see.
      if (!rule.has("retries") && dice.chance(40)) {
        probe.header("content-type", "application/grpc");
        probe.header("grpc-timeout", dice.pick("300m", "300000u", "2S"));
      }
      int steps = dice.between(1, 3);
      for (int n = 0; n < steps; n++) {
        probe.step(Trouble.lateStep(dice));
      }
      sketch.ask(probe);
    }
  }

  static void fault(Sketch sketch) {
    Dice dice = sketch.dice();
    Service orders = orders(sketch);
    boolean byLot = dice.chance(25);
    ArrayNode rules = array();
    for (int i = 0; i < 2; i++) {
      ObjectNode rule = Actions.toSubset(orders, "v" + (i + 1));
      rule.set("fault", Actions.fault(dice, byLot));
      if (i == 0) {
        rule.set("match", array(Matching.block(sketch)));
      }
      if (dice.chance(30)) {
        rule.set("retries", Trouble.retries(dice));
        ((ObjectNode) rule.get("retries")).remove("perTryTimeout");
      }
      if (dice.chance(30)) {
        rule.set("headers", Actions.headers(dice, false));
      }
      if (dice.chance(20)) {
        rule.put("timeout", dice.pick("150ms", "2s"));
      }
      rules.add(rule);
    }
    sketch.virtualService(List.of(orders.host()), rules);
    for (int i = 0; i < (byLot ? 2 : 4); i++) {
      Probe probe = Matching.probe(sketch, rules, orders);
      if (byLot) {
        probe.byLot(100);
      } else if (dice.chance(20)) {
        probe.method("POST").header("content-type", "application/grpc");
      }
      sketch.ask(probe);
    }
  }

  static void outlier(Sketch sketch) {
    Dice dice = sketch.dice();
    Service service = sketch.service(dice.pick("payments", "users"));
    sketch.mask();
    ObjectNode detection = object();
    int threshold = dice.between(1, 6);
    detection.put(
        dice.pick("consecutive5xxErrors", "consecutive5xxErrors", "consecutiveGatewayErrors"),
        threshold);
    if (detection.has("consecutiveGatewayErrors")) {
      detection.put("consecutive5xxErrors", dice.pick(0, 0, 3));
    }
    boolean returns = dice.chance(30);
    detection.put("interval", returns ? "1s" : dice.pick("10s", "30s", "500s"));
    detection.put("baseEjectionTime", returns ? "1s" : dice.pick("60s", "90s"));
    // Below what ejects one of two or three, ours does on purpose what Envoy does not.
    detection.put("maxEjectionPercent", dice.pick(50, 67, 100, 100));
    if (dice.chance(30)) {
      detection.put("splitExternalLocalOriginErrors", true);
      if (dice.chance(60)) {
        detection.put("consecutiveLocalOriginFailures", dice.between(1, 3));
      }
    }
    if (dice.chance(20)) {
      detection.put("minHealthPercent", dice.pick(0, 10, 50, 60));
    }
    ObjectNode rule = sketch.destinationRule(service);
    rule.set(
        "trafficPolicy",
        object("loadBalancer", object("simple", "ROUND_ROBIN"), "outlierDetection", detection));
    ObjectNode http = Actions.to(service);
    http.set("retries", object("attempts", 0));
    sketch.virtualService(List.of(service.host()), array(http));
    Probe probe = new Probe(service.at(8080)).set("repeat", dice.pick(12, 30, 45));
    String bad = service.kind() + "-1";
    int steps = dice.pick(1, 1, 2);
    for (int i = 0; i < steps; i++) {
      probe.stepOf(bad, bad(dice));
    }
    sketch.ask(probe);
    if (returns) {
      // Later than the sweep that follows on the end of the ejection.
      Probe again = new Probe(service.at(8080)).set("repeat", 12).set("waitMs", 3500);
      if (dice.chance(50)) {
        again.stepOf(bad, bad(dice));
      }
      sketch.ask(again);
    }
  }

  private static ObjectNode bad(Dice dice) {
    return dice.chance(75)
        ? object("status", dice.pick(500, 502, 503, 504, 503, 404))
        : object("action", dice.pick("reset", "close"));
  }

  static void pool(Sketch sketch) {
    Dice dice = sketch.dice();
    Service service = sketch.service("audit");
    ObjectNode http = object();
    ObjectNode tcp = object();
    int limit = dice.between(1, 3);
    switch (dice.between(0, 2)) {
      case 0 -> http.put("http2MaxRequests", limit);
      case 1 -> {
        tcp.put("maxConnections", limit);
        http.put("http1MaxPendingRequests", dice.between(1, 2));
      }
      default -> http.put("maxRequestsPerConnection", limit);
    }
    ObjectNode pool = object();
    if (!http.isEmpty()) {
      pool.set("http", http);
    }
    if (!tcp.isEmpty()) {
      pool.set("tcp", tcp);
    }
    sketch.destinationRule(service).set("trafficPolicy", object("connectionPool", pool));
    ObjectNode rule = Actions.to(service);
    if (dice.chance(60)) {
      rule.set(
          "retries", dice.pick(object("attempts", 0), object("attempts", 2, "retryOn", "5xx")));
    }
    sketch.virtualService(List.of(service.host()), array(rule));
    sketch.ask(
        new Probe(service.at(8080))
            .step(object("status", dice.pick(200, 200, 404), "delayMs", 700))
            .set("concurrent", dice.between(2, 6))
            .set("staggerMs", 60));
    if (dice.chance(50)) {
      sketch.ask(new Probe(service.at(8080)).path("/after").set("waitMs", 900));
    }
  }

  static void grpc(Sketch sketch) {
    Dice dice = sketch.dice();
    Service stream = sketch.service("stream");
    sketch.mask();
    ObjectNode rule = Actions.to(stream);
    if (dice.chance(75)) {
      rule.set("retries", Trouble.retries(dice));
      ((ObjectNode) rule.get("retries")).remove("perTryTimeout");
    }
    if (dice.chance(25)) {
      rule.set("fault", Actions.fault(dice, false));
    }
    if (dice.chance(30)) {
      rule.put("timeout", dice.pick("400ms", "3s"));
    }
    sketch.virtualService(List.of(stream.host()), array(rule));
    for (int i = 0; i < 4; i++) {
      Probe probe = new Probe(stream.at(8080)).method("POST").path("/shop.Orders/Get");
      boolean grpc = dice.chance(60);
      if (grpc) {
        probe.header("content-type", "application/grpc").header("te", "trailers");
      }
      int steps = dice.between(1, 3);
      for (int n = 0; n < steps; n++) {
        probe.step(grpcStep(dice));
      }
      sketch.ask(probe);
    }
  }

  private static ObjectNode grpcStep(Dice dice) {
    int what = dice.between(0, 99);
    if (what < 25) {
      return object("action", dice.pick("refuse", "refuse", "reset"));
    } else if (what < 60) {
      String status = dice.pick("0", "1", "2", "4", "5", "8", "13", "14");
      return object("status", 200, "headers", object("grpc-status", status), "trailersOnly", true);
    } else if (what < 80) {
      return object("status", dice.pick(200, 503, 500, 429));
    }
    return object("status", 200, "delayMs", Trouble.LATE);
  }

  private static Service orders(Sketch sketch) {
    return RoutingFamilies.orders(sketch);
  }

  private ResilienceFamilies() {}
}
