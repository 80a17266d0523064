package io.inmesh.golden.generated;

import static io.inmesh.golden.generated.Json.array;
import static io.inmesh.golden.generated.Json.object;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes cases up: the same seed, the same case. */
public final class CaseGenerator {
  private record Share(int weight, Family family) {}

  private static final Map<String, Share> FAMILIES = families();
  private static final int ALL = FAMILIES.values().stream().mapToInt(Share::weight).sum();

  private static Map<String, Share> families() {
    Map<String, Share> families = new LinkedHashMap<>();
    families.put("match", new Share(20, RoutingFamilies::match));
    families.put("host", new Share(8, ScopeFamilies::host));
    families.put("destination", new Share(3, ScopeFamilies::destination));
    families.put("delegate", new Share(6, ScopeFamilies::delegate));
    families.put("sidecar", new Share(2, ScopeFamilies::sidecar));
    families.put("rewrite", new Share(7, RoutingFamilies::rewrite));
    families.put("redirect", new Share(6, RoutingFamilies::redirect));
    families.put("headers", new Share(8, RoutingFamilies::headers));
    families.put("weight", new Share(4, RoutingFamilies::weight));
    families.put("cors", new Share(4, RoutingFamilies::cors));
    families.put("mirror", new Share(4, RoutingFamilies::mirror));
    families.put("fault", new Share(5, ResilienceFamilies::fault));
    families.put("retry", new Share(12, ResilienceFamilies::retry));
    families.put("timeout", new Share(4, ResilienceFamilies::timeout));
    families.put("outlier", new Share(3, ResilienceFamilies::outlier));
    families.put("pool", new Share(2, ResilienceFamilies::pool));
    families.put("grpc", new Share(3, ResilienceFamilies::grpc));
    families.put("hash", new Share(5, BalanceFamilies::hash));
    families.put("spread", new Share(4, BalanceFamilies::spread));
    families.put("subset", new Share(2, BalanceFamilies::subset));
    families.put("combine", new Share(8, CaseGenerator::combine));
    return families;
  }

  /** A case of its seed, in the form of the recordings, without what was seen. */
  public static ObjectNode generate(long seed) {
    Dice dice = new Dice(seed);
    int lot = dice.between(1, ALL);
    for (Map.Entry<String, Share> each : FAMILIES.entrySet()) {
      lot -= each.getValue().weight();
      if (lot <= 0) {
        Sketch sketch = new Sketch(seed, each.getKey(), dice);
        each.getValue().family().write(sketch);
        return sketch.json();
      }
    }
    throw new IllegalStateException("shares do not add up");
  }

  /**
   * Writes cases to standard output, a line each.
   *
   * @param arguments the first seed and the last
   */
  public static void main(String[] arguments) {
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    for (long seed = Long.parseLong(arguments[0]); seed <= Long.parseLong(arguments[1]); seed++) {
      out.println(generate(seed));
    }
    out.flush();
  }

  /** Everything that a rule can say, at once. */
  private static void combine(Sketch sketch) {
    Dice dice = sketch.dice();
    Service orders = RoutingFamilies.orders(sketch);
    ArrayNode rules = array();
    boolean late = false;
    for (int i = 0; i < 3; i++) {
      ObjectNode rule =
          i < 2 || dice.chance(50)
              ? Actions.toSubset(orders, "v" + (i + 1))
              : Actions.distinct(sketch, orders, i);
      if (i < 2) {
        rule.set("match", array(Matching.block(sketch), Matching.block(sketch)));
      }
      if (rule.has("route")) {
        late |= extras(sketch, rule);
      }
      rules.add(rule);
    }
    sketch.virtualService(List.of(orders.host()), rules);
    for (int i = 0; i < 6; i++) {
      Probe probe = Matching.probe(sketch, rules, orders);
      if (dice.chance(30)) {
        Trouble.fromBrowser(dice, probe);
      }
      if (dice.chance(50)) {
        Trouble.troubled(dice, probe, late);
      }
      sketch.ask(probe);
    }
  }

  private static boolean extras(Sketch sketch, ObjectNode rule) {
    Dice dice = sketch.dice();
    if (dice.chance(40)) {
      rule.set("rewrite", Actions.rewrite(dice));
    }
    if (dice.chance(50)) {
      rule.set("headers", Actions.headers(dice, false));
    }
    if (dice.chance(25)) {
      rule.set("fault", Actions.fault(dice, false));
    }
    if (dice.chance(50)) {
      rule.set("retries", Trouble.retries(dice));
    }
    if (dice.chance(20)) {
      rule.put("timeout", "500ms");
    }
    if (dice.chance(25)) {
      rule.set("corsPolicy", Trouble.cors(dice));
    }
    if (dice.chance(25)) {
      rule.set("mirror", object("host", sketch.service("audit").host()));
      sketch.mirrors();
    }
    return rule.has("timeout") || rule.path("retries").has("perTryTimeout");
  }

  private CaseGenerator() {}
}
