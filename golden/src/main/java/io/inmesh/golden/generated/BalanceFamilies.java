package io.inmesh.golden.generated;

import static io.inmesh.golden.generated.Json.array;
import static io.inmesh.golden.generated.Json.object;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Which endpoint a call goes to. */
final class BalanceFamilies {
  /** Consistent hashing: the endpoint of a key is no chance, and the same with Envoy. */
  static void hash(Sketch sketch) {
    Dice dice = sketch.dice();
    Service service = sketch.service(dice.pick("payments", "catalog", "catalog", "users"));
    int kind = dice.between(0, 3);
    ObjectNode hash =
        switch (kind) {
          case 0 -> object("httpHeaderName", dice.pick("x-user", "X-User"));
          case 1 -> object("httpQueryParameterName", "user");
          case 2 -> object("useSourceIp", true);
          default -> object("httpCookie", object("name", "user"));
        };
    switch (dice.between(0, 3)) {
      case 0 -> hash.set("maglev", object("tableSize", dice.pick(251, 1009, 65537)));
      case 1 -> hash.set("ringHash", object("minimumRingSize", dice.pick(8, 100, 1024, 4096)));
      default -> {}
    }
    ObjectNode policy = object("loadBalancer", object("consistentHash", hash));
    ObjectNode rule = sketch.destinationRule(service);
    if (dice.chance(25)) {
      policy.set("port", object("number", 8080));
      rule.set("trafficPolicy", object("portLevelSettings", array(policy)));
    } else {
      rule.set("trafficPolicy", policy);
    }
    if (dice.chance(50)) {
      ObjectNode http = Actions.to(service);
      if (dice.chance(40)) {
        http.set("rewrite", Actions.rewrite(dice));
      }
      if (dice.chance(40)) {
        http.set("retries", object("attempts", 2, "retryOn", "5xx"));
      }
      sketch.virtualService(List.of(service.host()), array(http));
    }
    for (int i = 0; i < 8; i++) {
      sketch.ask(keyed(dice, service, kind));
    }
  }

  private static Probe keyed(Dice dice, Service service, int kind) {
    String key = dice.pick("alice", "bob", "carol", "") + dice.between(0, 99);
    Probe probe = new Probe(service.at(8080)).path(dice.pick("/", "/a"));
    switch (kind) {
      case 0 -> probe.header(dice.pick("x-user", "X-USER"), key);
      case 1 -> probe.path(probe.path() + dice.pick("?user=", "?x=1&user=") + key);
      case 2 ->
          probe.header(
              "x-forwarded-for",
              "10."
                  + dice.between(0, 9)
                  + ".0."
                  + dice.between(1, 99)
                  + dice.pick("", ", 10.9.9.9"));
      default -> probe.header("cookie", dice.pick("", "other=1; ") + "user=" + key);
    }
    if (dice.chance(20)) {
      probe.step(object("status", 503)).step(object("status", 200));
    }
    return probe;
  }

  /** Weights of endpoints, localities, and what balances evenly. */
  static void spread(Sketch sketch) {
    Dice dice = sketch.dice();
    boolean local = dice.chance(60);
    List<String> places = List.of("r1/z1/s1", "r1/z1/s2", "r1/z2/s1", "r2/z1/s1");
    if (local) {
      sketch.clientIs(
          "default",
          "app",
          "client",
          dice.pick("istio-locality", "istio-locality", "topology.istio.io/locality"),
          "r1/z1/s1");
    }
    String kind = dice.pick("payments", "orders", "catalog");
    Service service =
        sketch.service(
            kind,
            Sketch.NAMESPACE,
            (index, endpoint) -> {
              if (local) {
                endpoint.put("locality", dice.pick(places));
              }
              if (dice.chance(30)) {
                endpoint.put("weight", dice.between(1, 5));
              }
            });
    ObjectNode balancer = object();
    if (!local || dice.chance(50)) {
      balancer.put("simple", dice.pick("ROUND_ROBIN", "RANDOM", "LEAST_REQUEST"));
    }
    ObjectNode policy = object();
    if (local) {
      balancer.set("localityLbSetting", localities(dice));
      if (dice.chance(85)) {
        policy.set(
            "outlierDetection", object("consecutive5xxErrors", 100, "maxEjectionPercent", 100));
      }
    }
    if (!balancer.isEmpty()) {
      policy.set("loadBalancer", balancer);
    }
    ObjectNode spec = object("host", service.host(), "trafficPolicy", policy);
    sketch.add("DestinationRule", sketch.own("spread"), Sketch.NAMESPACE, spec);
    sketch.ask(new Probe(service.at(8080)).byLot(120));
  }

  private static ObjectNode localities(Dice dice) {
    return switch (dice.between(0, 3)) {
      case 0 -> object("enabled", dice.chance(60));
      case 1 ->
          object(
              "distribute",
              array(
                  object(
                      "from",
                      dice.pick("r1/z1/*", "r1/*", "r1/z1/s1", "r2/*", "*"),
                      "to",
                      dice.pick(
                          object("r1/z1/*", 80, "r1/z2/*", 20),
                          object("r1/*", 50, "r2/*", 50),
                          object("r1/z1/s1", 70, "r1/z1/s2", 30)))));
      case 2 -> object("failover", array(object("from", "r1", "to", "r2")));
      default ->
          object(
              "failoverPriority",
              dice.pick(
                  array("topology.kubernetes.io/region"),
                  array("topology.kubernetes.io/region", "topology.kubernetes.io/zone"),
                  array("version"),
                  array("app=client", "topology.kubernetes.io/region")));
    };
  }

  /** Settings of subsets and of ports, and whose counts. */
  static void subset(Sketch sketch) {
    Dice dice = sketch.dice();
    Service orders = sketch.service("orders");
    ObjectNode rule = sketch.destinationRule(orders);
    ObjectNode hash = object("consistentHash", object("httpHeaderName", "x-user"));
    if (dice.chance(50)) {
      rule.set("trafficPolicy", object("loadBalancer", hash));
    }
    ObjectNode all = object("name", "all", "labels", object("app", "orders"));
    if (dice.chance(50)) {
      ObjectNode own =
          dice.pick(
              object("loadBalancer", hash),
              object("loadBalancer", object("simple", "ROUND_ROBIN")),
              object(
                  "outlierDetection", object("consecutive5xxErrors", 1, "maxEjectionPercent", 100)),
              object(
                  "portLevelSettings",
                  array(
                      object(
                          "port",
                          object("number", 8080),
                          "loadBalancer",
                          object("simple", "RANDOM")))));
      all.set("trafficPolicy", own);
    }
    rule.withArray("subsets").add(all);
    rule.withArray("subsets").add(object("name", "none", "labels", object("version", "v9")));
    String subset = dice.pick("all", "all", "none", "missing", "v2");
    sketch.virtualService(List.of(orders.host()), array(Actions.toSubset(orders, subset)));
    boolean keyed = rule.toString().contains("x-user");
    for (int i = 0; i < 2; i++) {
      Probe probe = new Probe(orders.at(dice.pick(8080, 9090)));
      if (keyed && dice.chance(80)) {
        probe.header("x-user", "u" + dice.between(0, 99));
      }
      sketch.ask(probe.byLot(60));
    }
  }

  private BalanceFamilies() {}
}
