package io.inmesh.golden.generated;

import static io.inmesh.golden.generated.Json.array;
import static io.inmesh.golden.generated.Json.object;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** What rules do with a call. */
final class Actions {
  /** A rule that sends to one instance. */
  static ObjectNode toSubset(Service service, String subset) {
    return object("route", array(object("destination", destination(service, subset))));
  }

  static ObjectNode destination(Service service, String subset) {
    return object("host", service.host(), "subset", subset);
  }

  static ObjectNode to(Service service) {
    return object("route", array(object("destination", object("host", service.host()))));
  }

  /** A rule with an outcome that tells it from the others of its number. */
  static ObjectNode distinct(Sketch sketch, Service orders, int number) {
    Dice dice = sketch.dice();
    ObjectNode rule;
    if (dice.chance(60)) {
      rule = toSubset(orders, dice.pick(orders.subsets()));
    } else if (dice.chance(60)) {
      rule = object("directResponse", direct(dice, number));
    } else {
      rule = object("redirect", object("uri", "/moved/" + number));
    }
    if (dice.chance(70)) {
      rule.put("name", "rule" + number);
    }
    return rule;
  }

  static ObjectNode direct(Dice dice, int number) {
    ObjectNode direct =
        object("status", dice.pick(200, 201, 204, 299, 302, 400, 404, 418, 503, 599));
    if (dice.chance(70)) {
      String text = dice.pick("rule " + number, "{\"n\": " + number + "}", "größer", "");
      direct.set("body", object("string", text));
    }
    return direct;
  }

  static ObjectNode redirect(Sketch sketch) {
    Dice dice = sketch.dice();
    ObjectNode redirect = object();
    if (dice.chance(60)) {
      redirect.put("uri", dice.pick("/new", "/new/path", "/a?x=1", "/"));
    }
    if (dice.chance(50)) {
      redirect.put("authority", dice.pick("other.example.com", "other.example.com:8443", "h"));
    }
    if (dice.chance(30)) {
      redirect.put("scheme", dice.pick("http", "https"));
    }
    if (dice.chance(30)) {
      redirect.put("port", dice.pick(80, 443, 8080, 8443));
    } else if (dice.chance(20)) {
      redirect.put("derivePort", dice.pick("FROM_PROTOCOL_DEFAULT", "FROM_REQUEST_PORT"));
    }
    if (redirect.isEmpty()) {
      redirect.put("uri", "/only");
    }
    if (dice.chance(40)) {
      redirect.put("redirectCode", dice.pick(301, 302, 303, 307, 308));
    }
    return redirect;
  }

  /** A rewrite that suits whatever the rule matches. */
  static ObjectNode rewrite(Dice dice) {
    ObjectNode rewrite = object();
    if (dice.chance(55)) {
      rewrite.put("uri", dice.pick("/", "/new", "/new/", "/x/y", "/a%20c"));
    } else if (dice.chance(60)) {
      rewrite.set(
          "uriRegexRewrite",
          dice.pick(
              object("match", "^/a(.*)$", "rewrite", "/z\\1"),
              object("match", "/([^/]*)/([^/]*)", "rewrite", "/\\2/\\1"),
              object("match", "a", "rewrite", "b"),
              object("match", "/api/v[0-9]+", "rewrite", "/api"),
              object("match", "(?i)/A", "rewrite", "/low"),
              object("match", "nothing", "rewrite", "/no"),
              object("match", "(/)(.*)", "rewrite", "\\1x/\\2\\0")));
    }
    if (rewrite.isEmpty() || dice.chance(30)) {
      rewrite.put("authority", dice.pick("new.example.com", "new.example.com:81", "n"));
    }
    return rewrite;
  }

  private static final List<String> TEMPLATES =
      List.of(
          "plain",
          "",
          "two words",
          "%REQ(:path)%",
          "%REQ(:authority)%",
          "%REQ(:method)%",
          "%REQ(x-a)%",
          "a-%REQ(x-a)%-b",
          "%REQ(x-none?x-b)%",
          "%REQ(x-none)%",
          "100%%",
          "%PROTOCOL%",
          "%RESPONSE_CODE%",
          "%RESPONSE_FLAGS%",
          "%RESP(:status)%",
          "%UPSTREAM_CLUSTER_RAW%",
          "%UPSTREAM_HOST%",
          "%UPSTREAM_REMOTE_ADDRESS%",
          "%UPSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%",
          "%UPSTREAM_REMOTE_PORT%",
          "%UPSTREAM_REQUEST_ATTEMPT_COUNT%",
          "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%",
          "%ROUTE_NAME%",
          "%RESP(x-from)%");

  /** Operations on headers, of a rule or of a destination. */
  static ObjectNode headers(Dice dice, boolean maySetHost) {
    ObjectNode headers = object();
    if (dice.chance(75)) {
      headers.set("request", operations(dice, List.of("x-a", "x-b", "x-c")));
    }
    if (headers.isEmpty() || dice.chance(60)) {
      headers.set("response", operations(dice, List.of("x-from", "x-r", "x-s")));
    }
    if (maySetHost && headers.has("request") && dice.chance(20)) {
      headers.withObject("/request/set").put(dice.pick("host", ":authority"), "set.example.com");
    }
    return headers;
  }

  private static ObjectNode operations(Dice dice, List<String> names) {
    ObjectNode operations = object();
    if (dice.chance(60)) {
      operations.set("set", values(dice, names));
    }
    if (dice.chance(50)) {
      operations.set("add", values(dice, names));
    }
    if (operations.isEmpty() || dice.chance(40)) {
      operations.set("remove", array(dice.some(1, 2, names)));
    }
    return operations;
  }

  private static ObjectNode values(Dice dice, List<String> names) {
    ObjectNode values = object();
    dice.some(1, 2, names).forEach(name -> values.put(name, dice.pick(TEMPLATES)));
    return values;
  }

  /** A fault that strikes always or never; {@code inBetween}: every so often. */
  static ObjectNode fault(Dice dice, boolean inBetween) {
    ObjectNode fault = object();
    double share = inBetween ? dice.pick(10.0, 30.0, 50.0, 0.5, 99.5) : 0;
    if (!inBetween && dice.chance(50)) {
      fault.set(
          "delay",
          object(
              "fixedDelay",
              dice.pick("0.2s", "300ms"),
              "percentage",
              object("value", dice.pick(0.0, 100.0, 100.0))));
    }
    if (fault.isEmpty() || dice.chance(60)) {
      ObjectNode abort =
          dice.chance(75)
              ? object("httpStatus", dice.pick(200, 404, 429, 500, 503, 599))
              : object("grpcStatus", dice.pick("UNAVAILABLE", "NOT_FOUND", "INTERNAL"));
      abort.set("percentage", object("value", inBetween ? share : dice.pick(0.0, 100.0, 100.0)));
      fault.set("abort", abort);
    }
    return fault;
  }

  /** Several destinations with weights. */
  static ArrayNode weighted(Sketch sketch, Service orders) {
    Dice dice = sketch.dice();
    ArrayNode route = array();
    int sum = 0;
    int wanted = dice.between(2, 3);
    for (int i = 0; i < wanted; i++) {
      int weight = dice.pick(0, 1, 1, 3, 10, 25, 50, 90, 1000);
      if (i == wanted - 1 && sum == 0) {
        weight = 7;
      }
      sum += weight;
      ObjectNode share = object("destination", destination(orders, dice.pick(orders.subsets())));
      if (weight > 0 || dice.chance(50)) {
        share.put("weight", weight);
      }
      route.add(share);
    }
    return route;
  }

  private Actions() {}
}
