package io.inmesh.golden.generated;

import static io.inmesh.golden.generated.Json.array;
import static io.inmesh.golden.generated.Json.object;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;

/** Whose rules count for whom. */
final class ScopeFamilies {
  /** Several VirtualServices, and the ways to write a host. */
  static void host(Sketch sketch) {
    Dice dice = sketch.dice();
    Service orders = RoutingFamilies.orders(sketch);
    String wide = "*." + sketch.own("wide") + ".example.com";
    String domain = wide.substring(2);
    if (dice.chance(50)) {
      sketch.add(
          "ServiceEntry",
          sketch.own("wide"),
          Sketch.NAMESPACE,
          Sketch.serviceEntry("users", wide).put("location", "MESH_EXTERNAL"));
    }
    sketch.mask();
    List<String> hosts =
        List.of(
            orders.host(),
            orders.name(),
            orders.name() + ".default",
            wide,
            "a." + domain,
            "*.b." + domain);
    int wanted = dice.between(1, 3);
    for (int i = 0; i < wanted; i++) {
      ArrayNode rules = array();
      for (int n = 0; n < 2; n++) {
        ObjectNode rule = Actions.distinct(sketch, orders, 10 * i + n);
        if (rule.has("route")) {
          ObjectNode mark = object("x-rule", "rule " + i + "." + n);
          rule.set("headers", object("response", object("set", mark)));
        }
        if (n == 0 || dice.chance(30)) {
          rule.set("match", array(Matching.block(sketch)));
        }
        rules.add(rule);
      }
      ObjectNode spec = object("hosts", array(dice.some(1, 2, hosts)), "http", rules);
      String namespace = dice.pick("default", "default", "shop");
      if (namespace.equals("shop")) {
        // A short name is completed with the resource's own namespace: not the service's here.
        spec.set("hosts", array(dice.some(1, 2, List.of(hosts.get(0), wide, hosts.get(4)))));
      }
      if (dice.chance(30)) {
        spec.set("exportTo", array(dice.pick("*", ".", "default", "shop")));
      }
      ObjectNode metadata = sketch.add("VirtualService", sketch.own("vs" + i), namespace, spec);
      metadata.put("creationTimestamp", "2026-01-0" + dice.between(1, 9) + "T00:00:00Z");
    }
    for (int i = 0; i < 8; i++) {
      String to =
          dice.pick(
              orders.at(8080),
              orders.name() + ":8080",
              orders.name() + ".default:8080",
              orders.name() + ".default.svc:8080",
              orders.at(80),
              orders.name(),
              "a." + domain + ":8080",
              "x.b." + domain + ":8080",
              "x.b." + domain,
              "x." + domain,
              "x." + domain + ":8080",
              orders.host().toUpperCase(Locale.ROOT) + ":8080");
      sketch.ask(Matching.any(sketch, orders).authority(to));
    }
  }

  /** DestinationRules of several namespaces. */
  static void destination(Sketch sketch) {
    Dice dice = sketch.dice();
    if (dice.chance(30)) {
      sketch.clientIs("shop", "app", "web");
    }
    Service orders = sketch.service("orders", dice.pick("default", "shop"), (i, endpoint) -> {});
    String[] versions = {"v1", "v2", "v3"};
    int wanted = dice.between(1, 3);
    for (int i = 0; i < wanted; i++) {
      ObjectNode spec =
          object(
              "host",
              orders.host(),
              "subsets",
              array(object("name", "one", "labels", object("version", versions[i]))));
      String namespace = dice.pick("default", "shop", "istio-system", "other");
      if (dice.chance(20)) {
        ObjectNode app = object("app", dice.pick("client", "web", "client"));
        spec.set("workloadSelector", object("matchLabels", app));
      } else if (dice.chance(45)) {
        spec.set(
            "exportTo",
            array(dice.some(1, 2, List.of(dice.pick("*", "."), "default", "shop", "other"))));
        if (spec.get("exportTo").toString().contains("*")) {
          spec.set("exportTo", array("*"));
        }
      }
      ObjectNode metadata = sketch.add("DestinationRule", sketch.own("rule" + i), namespace, spec);
      metadata.put("creationTimestamp", "2026-01-0" + dice.between(1, 9) + "T00:00:00Z");
    }
    sketch.virtualService(List.of(orders.host()), array(Actions.toSubset(orders, "one")));
    sketch.ask(new Probe(orders.at(8080)));
    sketch.ask(new Probe(orders.at(9090)));
  }

  /** Rules that leave the rest to others. */
  static void delegate(Sketch sketch) {
    Dice dice = sketch.dice();
    Service orders = RoutingFamilies.orders(sketch);
    ArrayNode roots = array();
    ArrayNode all = array();
    int wanted = dice.between(1, 3);
    for (int i = 0; i < wanted; i++) {
      ObjectNode root = object("delegate", object("name", sketch.own("child" + i)));
      if (dice.chance(30)) {
        ((ObjectNode) root.get("delegate")).put("namespace", dice.pick("default", "shop"));
      }
      if (dice.chance(75)) {
        root.set("match", array(Matching.block(sketch)));
        all.addAll((ArrayNode) root.get("match"));
      }
      extras(dice, root);
      roots.add(root);
      if (dice.chance(85)) {
        child(sketch, orders, i, all, root.get("delegate").path("namespace").asText("default"));
      }
    }
    if (dice.chance(60)) {
      roots.add(Actions.distinct(sketch, orders, 9));
    }
    sketch.virtualService(List.of(orders.host()), roots);
    for (int i = 0; i < 8; i++) {
      sketch.ask(
          all.isEmpty() || dice.chance(25)
              ? Matching.any(sketch, orders)
              : Matching.meeting(sketch, all.get(dice.between(0, all.size() - 1)), orders));
    }
  }

  private static void child(
      Sketch sketch, Service orders, int number, ArrayNode all, String namespace) {
    Dice dice = sketch.dice();
    ArrayNode rules = array();
    for (int n = 0; n < 2; n++) {
      ObjectNode rule = Actions.distinct(sketch, orders, 10 * (number + 1) + n);
      if (n == 0 || dice.chance(40)) {
        rule.set("match", array(Matching.block(sketch)));
        all.addAll((ArrayNode) rule.get("match"));
      }
      if (rule.has("route")) {
        extras(dice, rule);
      }
      rules.add(rule);
    }
    sketch.add(
        "VirtualService",
        sketch.own("child" + number),
        dice.chance(90) ? namespace : "other",
        object("http", rules));
  }

  private static void extras(Dice dice, ObjectNode rule) {
    if (dice.chance(25)) {
      rule.set("rewrite", Actions.rewrite(dice));
    }
    if (dice.chance(25)) {
      rule.set("headers", Actions.headers(dice, false));
    }
    if (dice.chance(15)) {
      rule.set(
          "fault",
          object("abort", object("httpStatus", 418, "percentage", object("value", 100.0))));
    }
    if (dice.chance(15)) {
      rule.set("retries", object("attempts", 1, "retryOn", "5xx"));
    }
    if (dice.chance(10)) {
      rule.set("corsPolicy", Trouble.cors(dice));
    }
  }

  /** What a Sidecar lets a namespace's clients know. */
  static void sidecar(Sketch sketch) {
    Dice dice = sketch.dice();
    String namespace = sketch.own("team");
    sketch.clientIs(namespace, "app", "client");
    Service orders = RoutingFamilies.orders(sketch);
    Service cart = sketch.service("cart", "shop", (i, endpoint) -> {});
    Service users = sketch.service("users", namespace, (i, endpoint) -> {});
    sketch.mask();
    ArrayNode rules = array(Actions.toSubset(orders, "v2"));
    ((ObjectNode) rules.get(0))
        .set("headers", object("response", object("set", object("x-vs", "1"))));
    sketch.virtualService(List.of(orders.host()), rules);
    ArrayNode hosts = array();
    hosts.addAll(
        array(
            dice.some(
                1,
                3,
                List.of(
                    "./*",
                    "*/" + orders.host(),
                    "default/" + orders.host(),
                    "shop/" + orders.host(),
                    "shop/" + cart.host(),
                    "*/*.shop.svc.cluster.local",
                    "~/" + cart.host(),
                    "./" + users.host()))));
    // So that there is something to listen for.
    hosts.add("default/audit.default.svc.cluster.local");
    ObjectNode spec = object("egress", array(object("hosts", hosts)));
    if (dice.chance(30)) {
      spec.set("workloadSelector", object("labels", object("app", dice.pick("client", "other"))));
    }
    if (dice.chance(30)) {
      ObjectNode port = object("number", 9090, "protocol", "HTTP", "name", "admin");
      spec.withArray("egress")
          .insert(0, object("port", port, "hosts", array("shop/" + cart.host())));
    }
    sketch.add("Sidecar", sketch.own("scope"), namespace, spec);
    for (Service service : List.of(orders, cart, users)) {
      sketch.ask(new Probe(service.at(8080)));
      if (dice.chance(50)) {
        sketch.ask(new Probe(service.at(9090)));
      }
    }
    sketch.ask(new Probe("audit.default.svc.cluster.local:8080"));
    sketch.ask(new Probe(users.name() + ":8080"));
  }

  private ScopeFamilies() {}
}
