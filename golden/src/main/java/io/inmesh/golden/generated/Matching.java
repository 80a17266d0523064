package io.inmesh.golden.generated;

import static io.inmesh.golden.generated.Json.array;
import static io.inmesh.golden.generated.Json.object;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Conditions of rules, and requests that meet them, or nearly. */
final class Matching {
  /** A condition on a text, and texts that meet it. */
  private record Condition(String kind, String value, List<String> met) {
    ObjectNode json() {
      return kind.isEmpty() ? object() : object(kind, value);
    }
  }

  private static Condition exact(String value) {
    return new Condition("exact", value, List.of(value));
  }

  private static Condition prefix(String value, String... met) {
    return new Condition("prefix", value, List.of(met));
  }

  private static Condition regex(String value, String... met) {
    return new Condition("regex", value, List.of(met));
  }

  private static final List<Condition> URIS =
      List.of(
          exact("/"),
          exact("/a"),
          exact("/A"),
          exact("/a/"),
          exact("/a/b"),
          exact("/ab"),
          exact("/api/v1/items"),
          exact("/a%20b"),
          exact("/a;x=1"),
          exact("/*"),
          exact("/%C3%A4"),
          prefix("/", "/", "/x", "/a/b/c"),
          prefix("/a", "/a", "/ab", "/a/b", "/api"),
          prefix("/A", "/A", "/Ab"),
          prefix("/api", "/api", "/api/v1/items", "/apix"),
          prefix("/api/", "/api/", "/api/v2"),
          prefix("/a/b", "/a/b", "/a/bc", "/a/b/c"),
          prefix("/a//b", "/a//b", "/a//b/c"),
          regex("/a.*", "/a", "/ab", "/a/b"),
          regex("/[a-z]+", "/a", "/ab", "/api"),
          regex("/api/v[0-9]+/.*", "/api/v1/items", "/api/v22/"),
          regex(".*", "/", "/a"),
          regex("/a|/ab", "/a", "/ab"),
          regex("(?i)/a/b", "/A/b", "/a/B"),
          regex("/a/?", "/a", "/a/"),
          regex("/\\d{1,3}", "/1", "/123"),
          regex("/(a|api)/(b|v1)(/.*)?", "/a/b", "/api/v1/items"),
          regex("/[^/]+/[^/]+", "/a/b", "/api/v2"));

  private static final List<Condition> VALUES =
      List.of(
          exact("v1"),
          exact("V1"),
          exact("v1,v2"),
          exact("a b"),
          exact("*"),
          prefix("v", "v1", "v2", "vx"),
          prefix("v1", "v1", "v10"),
          regex("v[0-9]", "v1", "v2"),
          regex("v[0-9]+", "v1", "v10"),
          regex(".*", "v1", "abc"),
          regex("v1|abc", "v1", "abc"),
          regex(".+", "v1", "x"),
          regex("^v1$", "v1"),
          new Condition("", "", List.of("v1", "", "x")));

  private static final List<Condition> METHODS =
      List.of(
          exact("GET"),
          exact("POST"),
          exact("DELETE"),
          prefix("P", "POST", "PUT", "PATCH"),
          regex("GET|PUT", "GET", "PUT"));

  private static final List<String> PATHS =
      List.of(
          "/",
          "/a",
          "/A",
          "/a/",
          "/ab",
          "/a/b",
          "/A/b",
          "/a//b",
          "/a/./b",
          "/a/../b",
          "/%61",
          "/a%2Fb",
          "/a%20b",
          "/api",
          "/api/",
          "/apix",
          "/api/v1/items",
          "/api/v22/",
          "/a;x=1",
          "/123",
          "/1234",
          "/x.html",
          "/%C3%A4",
          "/a/b/c/d");

  private static final List<String> QUERIES =
      List.of("", "", "", "?q=v1", "?q=", "?q", "?q=v1&q=x", "?r=v2&q=v10", "?Q=v1", "?q=%76%31");

  private static final List<String> TEXTS =
      List.of("v1", "v2", "v10", "V1", "", "abc", "v1,v2", "vx", "a b");

  private static final List<String> HEADERS = List.of("x-a", "x-b", "end-user");

  /** One entry of {@code match}. */
  static ObjectNode block(Sketch sketch) {
    Dice dice = sketch.dice();
    ObjectNode block = object();
    if (dice.chance(75)) {
      Condition uri = dice.pick(URIS);
      block.set("uri", uri.json());
      if (!uri.kind().equals("regex") && dice.chance(20)) {
        block.put("ignoreUriCase", true);
      }
    }
    if (dice.chance(20)) {
      block.set("method", dice.pick(METHODS).json());
    }
    if (dice.chance(35)) {
      block.set("headers", conditions(dice, HEADERS));
    }
    if (dice.chance(20)) {
      block.set("withoutHeaders", conditions(dice, HEADERS));
    }
    if (dice.chance(20)) {
      block.set("queryParams", conditions(dice, List.of("q", "r")));
    }
    return block;
  }

  private static ObjectNode conditions(Dice dice, List<String> names) {
    ObjectNode conditions = object();
    dice.some(1, 2, names).forEach(name -> conditions.set(name, dice.pick(VALUES).json()));
    return conditions;
  }

  /** What depends on the caller and on how it calls: fewer cases need it. */
  static void fromWhere(Sketch sketch, ObjectNode block, Service service) {
    Dice dice = sketch.dice();
    if (dice.chance(15)) {
      block.put("port", dice.pick(8080, 8080, 80, 9090));
    }
    if (dice.chance(10)) {
      block.set("scheme", object("exact", dice.pick("http", "http", "https")));
    }
    if (dice.chance(15)) {
      String at = service.at(8080);
      block.set(
          "authority",
          dice.pick(
              object("exact", at),
              object("exact", service.host()),
              object("prefix", service.name()),
              object("prefix", "other"),
              object("regex", service.kind() + "-.*"),
              object("regex", ".*:8080")));
    }
    if (dice.chance(15)) {
      block.set(
          "sourceLabels",
          dice.pick(
              object("app", "client"),
              object("app", "web"),
              object("version", "v2"),
              object("app", "client", "version", "v2")));
    }
    if (dice.chance(10)) {
      block.put("sourceNamespace", dice.pick("default", "default", "shop"));
    }
    if (dice.chance(10)) {
      block.set("gateways", dice.pick(array("mesh"), array("mesh", "edge"), array("edge")));
    }
  }

  /** A request that meets a block mostly; some are off in one thing. */
  static Probe meeting(Sketch sketch, JsonNode block, Service service) {
    Dice dice = sketch.dice();
    Probe probe = new Probe(service.at(port(dice, block)));
    probe.path(path(dice, block) + query(dice, block));
    probe.method(
        block.has("method") && dice.chance(85)
            ? dice.pick(met(block.get("method"), METHODS))
            : dice.pick("GET", "GET", "GET", "POST", "PUT", "DELETE", "HEAD"));
    for (Map.Entry<String, JsonNode> each : block.path("headers").properties()) {
      if (dice.chance(90)) {
        probe.header(each.getKey(), text(dice, each.getValue()));
      }
      if (dice.chance(10)) {
        probe.header(each.getKey(), dice.pick(TEXTS));
      }
    }
    for (Map.Entry<String, JsonNode> each : block.path("withoutHeaders").properties()) {
      if (dice.chance(40)) {
        probe.header(each.getKey(), dice.pick(TEXTS));
      }
    }
    if (dice.chance(15)) {
      probe.header(dice.pick(HEADERS), dice.pick(TEXTS));
    }
    return probe;
  }

  /** A request that was made up without looking at any rule. */
  static Probe any(Sketch sketch, Service service) {
    Dice dice = sketch.dice();
    Probe probe = new Probe(service.at(8080)).path(dice.pick(PATHS) + dice.pick(QUERIES));
    if (dice.chance(30)) {
      probe.header(dice.pick(HEADERS), dice.pick(TEXTS));
    }
    return probe;
  }

  /** The blocks of all rules, one of which a request may want to meet. */
  static ArrayNode blocks(ArrayNode rules) {
    ArrayNode blocks = array();
    rules.forEach(rule -> rule.path("match").forEach(blocks::add));
    return blocks;
  }

  /** A request at the rules, as they are: mostly one that meets a block of theirs. */
  static Probe probe(Sketch sketch, ArrayNode rules, Service service) {
    ArrayNode blocks = blocks(rules);
    return blocks.isEmpty() || sketch.dice().chance(20)
        ? any(sketch, service)
        : meeting(sketch, blocks.get(sketch.dice().between(0, blocks.size() - 1)), service);
  }

  private static int port(Dice dice, JsonNode block) {
    return block.has("port") && dice.chance(85) ? block.get("port").asInt() : 8080;
  }

  private static String path(Dice dice, JsonNode block) {
    if (!block.has("uri") || dice.chance(10)) {
      return dice.pick(PATHS);
    }
    String path = dice.pick(met(block.get("uri"), URIS));
    return block.path("ignoreUriCase").asBoolean() && dice.chance(60)
        ? path.toUpperCase(Locale.ROOT)
        : path;
  }

  private static String query(Dice dice, JsonNode block) {
    StringBuilder query = new StringBuilder();
    for (Map.Entry<String, JsonNode> each : block.path("queryParams").properties()) {
      if (dice.chance(90)) {
        query.append(query.isEmpty() ? '?' : '&').append(each.getKey()).append('=');
        query.append(text(dice, each.getValue()).replace(" ", "%20"));
      }
    }
    return query.isEmpty() ? dice.pick(QUERIES) : query.toString();
  }

  private static String text(Dice dice, JsonNode condition) {
    return dice.chance(85) ? dice.pick(met(condition, VALUES)) : dice.pick(TEXTS);
  }

  private static List<String> met(JsonNode condition, List<Condition> all) {
    return all.stream()
        .filter(each -> each.json().equals(condition))
        .findFirst()
        .orElseThrow()
        .met();
  }

  private Matching() {}
}
