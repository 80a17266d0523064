package io.inmesh.golden.generated;

import static io.inmesh.golden.generated.Json.array;
import static io.inmesh.golden.generated.Json.object;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Which rule takes a call, and what it makes of it. */
final class RoutingFamilies {
  /** Calls at the rules of a case. */
  private static final int REQUESTS = 8;

  static void match(Sketch sketch) {
    Dice dice = sketch.dice();
    Service orders = orders(sketch);
    if (dice.chance(30)) {
      sketch.clientIs("default", "app", "client", "version", dice.pick("v1", "v2"));
    } else if (dice.chance(10)) {
      sketch.clientIs("shop", "app", "web");
    }
    boolean fromWhere = dice.chance(40);
    ArrayNode rules = array();
    int wanted = dice.between(2, 6);
    for (int i = 0; i < wanted; i++) {
      ObjectNode rule = Actions.distinct(sketch, orders, i);
      rule.set("match", blocks(sketch, orders, fromWhere));
      rules.add(rule);
    }
    if (dice.chance(50)) {
      rules.add(Actions.distinct(sketch, orders, wanted));
    } else if (fromWhere) {
      // When no rule is for this caller, the service is called as if there were none.
      sketch.mask();
    }
    sketch.virtualService(List.of(orders.host()), rules);
    for (int i = 0; i < REQUESTS; i++) {
      Probe probe = Matching.probe(sketch, rules, orders);
      if (fromWhere && dice.chance(15)) {
        probe.authority(orders.at(dice.pick(80, 9090)));
      }
      sketch.ask(probe);
    }
  }

  private static ArrayNode blocks(Sketch sketch, Service orders, boolean fromWhere) {
    ArrayNode blocks = array();
    int wanted = sketch.dice().pick(1, 1, 2, 3);
    for (int i = 0; i < wanted; i++) {
      ObjectNode block = Matching.block(sketch);
      if (fromWhere) {
        Matching.fromWhere(sketch, block, orders);
      }
      blocks.add(block);
    }
    return blocks;
  }

  static void rewrite(Sketch sketch) {
    Service orders = orders(sketch);
    ArrayNode rules = array();
    for (int i = 0; i < 3; i++) {
      ObjectNode rule = Actions.toSubset(orders, "v" + (i + 1));
      rule.set("match", blocks(sketch, orders, false));
      rule.set("rewrite", Actions.rewrite(sketch.dice()));
      rules.add(rule);
    }
    ObjectNode last = Actions.toSubset(orders, "v1");
    last.set("rewrite", Actions.rewrite(sketch.dice()));
    rules.add(last);
    sketch.virtualService(List.of(orders.host()), rules);
    askAll(sketch, rules, orders);
  }

  static void redirect(Sketch sketch) {
    Dice dice = sketch.dice();
    Service orders = orders(sketch);
    ArrayNode rules = array();
    for (int i = 0; i < 4; i++) {
      ObjectNode rule =
          dice.chance(65)
              ? object("redirect", Actions.redirect(sketch))
              : object("directResponse", Actions.direct(dice, i));
      if (dice.chance(40)) {
        rule.set("headers", object("response", Actions.headers(dice, false).path("response")));
        if (!rule.get("headers").get("response").isObject()) {
          rule.remove("headers");
        }
      }
      if (i < 3) {
        rule.set("match", blocks(sketch, orders, false));
      }
      rules.add(rule);
    }
    sketch.virtualService(List.of(orders.host()), rules);
    for (int i = 0; i < REQUESTS; i++) {
      Probe probe = Matching.probe(sketch, rules, orders);
      if (dice.chance(25)) {
        probe.authority(dice.pick(orders.at(80), orders.host(), orders.at(9090)));
      }
      sketch.ask(probe);
    }
  }

  static void headers(Sketch sketch) {
    Dice dice = sketch.dice();
    Service orders = orders(sketch);
    ObjectNode rule = Actions.toSubset(orders, "v1");
    ObjectNode share = (ObjectNode) rule.get("route").get(0);
    boolean ofRule = dice.chance(75);
    if (ofRule) {
      rule.set("headers", Actions.headers(dice, true));
    }
    if (!ofRule || dice.chance(50)) {
      share.set("headers", Actions.headers(dice, !ofRule));
    }
    if (dice.chance(30)) {
      // Several destinations turn the order of their operations and the rule's round.
      share.put("weight", 100);
      ObjectNode idle = object("destination", Actions.destination(orders, "v2"), "weight", 0);
      ((ArrayNode) rule.get("route")).add(idle);
    }
    rule.put("name", "named");
    if (dice.chance(25)) {
      rule.set("rewrite", Actions.rewrite(dice));
      if (rule.toString().contains("set.example.com")) {
        ((ObjectNode) rule.get("rewrite")).remove("authority");
        if (rule.get("rewrite").isEmpty()) {
          rule.remove("rewrite");
        }
      }
    }
    sketch.virtualService(List.of(orders.host()), array(rule));
    for (int i = 0; i < 5; i++) {
      Probe probe = new Probe(orders.at(8080)).path(dice.pick("/a/b?q=1", "/", "/api/v1/x"));
      for (String name : dice.some(0, 3, List.of("x-a", "x-b", "x-c"))) {
        probe.header(name, dice.pick("one", "two", "", "3"));
        if (dice.chance(25)) {
          probe.header(name, "again");
        }
      }
      ObjectNode answered = object();
      for (String name : dice.some(0, 3, List.of("x-from", "x-r", "x-s"))) {
        answered.set(
            name, dice.chance(25) ? array("r1", "r2") : array(dice.pick("back", "end", "")));
      }
      probe.step(object("status", dice.pick(200, 200, 404, 500), "headers", answered));
      sketch.ask(probe);
    }
  }

  static void weight(Sketch sketch) {
    Dice dice = sketch.dice();
    Service orders = orders(sketch);
    ObjectNode weighted = object("route", Actions.weighted(sketch, orders));
    if (dice.chance(50)) {
      weighted.set("match", blocks(sketch, orders, false));
    }
    if (dice.chance(20)) {
      weighted.set("rewrite", Actions.rewrite(dice));
    }
    ArrayNode rules = array(weighted);
    if (weighted.has("match")) {
      rules.add(object("route", Actions.weighted(sketch, orders)));
    }
    sketch.virtualService(List.of(orders.host()), rules);
    for (int i = 0; i < 2; i++) {
      sketch.ask(Matching.probe(sketch, rules, orders).byLot(120));
    }
  }

  static void cors(Sketch sketch) {
    Dice dice = sketch.dice();
    Service orders = orders(sketch);
    ObjectNode rule =
        dice.chance(85)
            ? Actions.toSubset(orders, "v1")
            : object("directResponse", Actions.direct(dice, 0));
    rule.set("corsPolicy", Trouble.cors(dice));
    if (dice.chance(20)) {
      rule.set("fault", Actions.fault(dice, false));
    }
    if (dice.chance(20)) {
      rule.set("headers", Actions.headers(dice, false));
    }
    sketch.virtualService(List.of(orders.host()), array(rule));
    for (int i = 0; i < 6; i++) {
      Probe probe = Trouble.fromBrowser(dice, new Probe(orders.at(8080)).path("/a"));
      if (dice.chance(20)) {
        probe.step(
            object("status", 200, "headers", object("access-control-allow-origin", "of-backend")));
      }
      sketch.ask(probe);
    }
  }

  static void mirror(Sketch sketch) {
    Dice dice = sketch.dice();
    Service orders = orders(sketch);
    Service audit = sketch.service("audit");
    sketch.mirrors();
    ObjectNode rule = Actions.toSubset(orders, "v1");
    boolean byLot = dice.chance(20);
    double share = byLot ? dice.pick(10.0, 50.0, 0.5) : dice.pick(0.0, 100.0, 100.0);
    if (dice.chance(60)) {
      rule.set("mirror", object("host", audit.host()));
      if (byLot || dice.chance(60)) {
        rule.set("mirrorPercentage", object("value", share));
      }
    } else {
      ObjectNode one = object("destination", object("host", audit.host()));
      if (byLot || dice.chance(60)) {
        one.set("percentage", object("value", share));
      }
      ArrayNode mirrors = array(one);
      if (dice.chance(30)) {
        mirrors.add(object("destination", object("host", sketch.service("legacy").host())));
      }
      rule.set("mirrors", mirrors);
    }
    if (dice.chance(40)) {
      rule.set("rewrite", Actions.rewrite(dice));
    }
    if (dice.chance(40)) {
      rule.set("headers", Actions.headers(dice, !rule.has("rewrite")));
    }
    if (dice.chance(30)) {
      rule.set("retries", Trouble.retries(dice));
      ((ObjectNode) rule.get("retries")).remove("perTryTimeout");
    }
    sketch.virtualService(List.of(orders.host()), array(rule));
    for (int i = 0; i < (byLot ? 1 : 4); i++) {
      Probe probe = new Probe(orders.at(8080)).path(dice.pick("/a/b?q=1", "/", "/api/v1/x"));
      if (dice.chance(30)) {
        probe.method("POST").body("payload");
      }
      if (byLot) {
        probe.byLot(100);
      } else if (dice.chance(30)) {
        Trouble.troubled(dice, probe, false);
      }
      sketch.ask(probe);
    }
  }

  private static void askAll(Sketch sketch, ArrayNode rules, Service service) {
    for (int i = 0; i < REQUESTS; i++) {
      sketch.ask(Matching.probe(sketch, rules, service));
    }
  }

  /** The service with a subset for each of its three instances. */
  static Service orders(Sketch sketch) {
    Service orders = sketch.service("orders");
    sketch.destinationRule(orders);
    return orders;
  }

  private RoutingFamilies() {}
}
