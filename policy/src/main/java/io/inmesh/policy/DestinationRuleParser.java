package io.inmesh.policy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads and checks a {@link DestinationRule}. */
final class DestinationRuleParser {

  static Optional<DestinationRule> parse(Fields fields, String namespace) {
    Optional<Value> value =
        fields.required("host", "it names the service that the rule is for, as \"host: orders\"");
    Optional<String> host = value.flatMap(Value::string);
    host.flatMap(NameRules::host)
        .ifPresent(problem -> value.ifPresent(found -> found.error(problem)));
    TrafficPolicy policy = TrafficPolicyParser.parse(fields).orElse(TrafficPolicy.NONE);
    List<Subset> subsets = subsets(fields);
    List<String> exportTo = Visibility.parse(fields, namespace);
    Map<String, String> selector = Map.of();
    Optional<Fields> selectorFields = fields.object("workloadSelector");
    if (selectorFields.isPresent()) {
      selector = SelectorParser.labels(selectorFields.get(), "matchLabels");
      Visibility.checkOwnOnly(fields, exportTo, namespace);
    }
    fields.end();
    Map<String, String> labels = selector;
    return host.map(name -> new DestinationRule(name, policy, subsets, exportTo, labels));
  }

  private static List<Subset> subsets(Fields fields) {
    List<Subset> subsets = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Value item : fields.items("subsets")) {
      Optional<Fields> found = item.fields();
      if (found.isEmpty()) {
        continue;
      }
      Fields subset = found.get();
      Optional<Value> value = subset.required("name", "routes refer to a subset by it");
      Optional<String> name = value.flatMap(Value::string);
      name.flatMap(text -> nameProblem(text, names))
          .ifPresent(problem -> value.ifPresent(v -> v.error(problem)));
      Map<String, String> labels =
          subset.get("labels").map(v -> v.stringMap(NameRules::checkLabel)).orElse(Map.of());
      TrafficPolicy policy = TrafficPolicyParser.parse(subset).orElse(null);
      subset.end();
      name.ifPresent(text -> subsets.add(new Subset(text, labels, policy)));
    }
    return subsets;
  }

  private static Optional<String> nameProblem(String name, Set<String> before) {
    if (!before.add(name)) {
      return Optional.of(
          "duplicate subset "
              + Quoting.quote(name)
              + "; each subset of a rule needs a name of its own");
    }
    return NameRules.shortName("subset name", name);
  }

  private DestinationRuleParser() {}
}
