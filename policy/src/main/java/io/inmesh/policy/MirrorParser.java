package io.inmesh.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** Reads a rule's {@link Mirror}s: {@code mirrors}, or {@code mirror} with its percentage. */
final class MirrorParser {

  private static final double WHOLE = 100;

  static List<Mirror> parse(Fields fields) {
    List<Mirror> mirrors = new ArrayList<>();
    fields.excludes("mirror", "mirrors");
    for (Value item : fields.items("mirrors")) {
      item.fields().flatMap(MirrorParser::entry).ifPresent(mirrors::add);
    }
    double percent = percent(fields);
    fields
        .object("mirror")
        .flatMap(DestinationParser::destination)
        .ifPresent(destination -> mirrors.add(new Mirror(destination, percent)));
    mirrors.removeIf(mirror -> mirror.percent() == 0);
    return mirrors;
  }

  private static double percent(Fields fields) {
    OptionalDouble percentage = Percentages.parse(fields, "mirrorPercentage");
    Optional<Value> old = fields.get("mirrorPercent");
    double oldPercent = old.map(value -> value.integer(0, 100).orElse(0) * 1.0).orElse(WHOLE);
    old.ifPresent(
        value -> value.deprecated("is deprecated; write \"mirrorPercentage: {value: 50}\""));
    if (!fields.has("mirror")) {
      for (String name : List.of("mirrorPercentage", "mirrorPercent")) {
        fields
            .get(name)
            .ifPresent(value -> value.noEffect("has no effect: the rule has no \"mirror\""));
      }
    }
    return percentage.orElse(oldPercent);
  }

  private static Optional<Mirror> entry(Fields fields) {
    Optional<Destination> destination = DestinationParser.required(fields);
    double percent = Percentages.parse(fields, "percentage").orElse(WHOLE);
    fields.end();
    return destination.map(found -> new Mirror(found, percent));
  }

  private MirrorParser() {}
}
