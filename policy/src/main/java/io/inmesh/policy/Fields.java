package io.inmesh.policy;

import io.inmesh.policy.YamlNode.Entry;
import io.inmesh.policy.YamlNode.Mapping;
import io.inmesh.policy.YamlNode.Position;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one object while they are read. Each field is asked for by name; {@link #end} then
 * refuses what nobody asked for. An absent field and one that is null read alike.
 */
final class Fields {

  private final Mapping node;
  private final String path;
  private final Diagnostics diagnostics;
  private final Set<String> honoured = new TreeSet<>();
  private final Set<String> notYet = new TreeSet<>();

  Fields(Mapping node, String path, Diagnostics diagnostics) {
    this.node = node;
    this.path = path;
    this.diagnostics = diagnostics;
  }

  Position position() {
    return node.position();
  }

  /** Whether anything was reported of the resource that this object is part of. */
  boolean resourceHasErrors() {
    return diagnostics.resourceHasErrors();
  }

  /** Whether the field is there and not null. */
  boolean has(String name) {
    Entry entry = node.entry(name);
    return entry != null && !entry.value().isNull();
  }

  Optional<Value> get(String name) {
    honoured.add(name);
    Entry entry = node.entry(name);
    if (entry == null || entry.value().isNull()) {
      return Optional.empty();
    }
    return Optional.of(new Value(entry.value(), pathOf(name), diagnostics));
  }

  /** The field, or an error where the object begins. */
  Optional<Value> required(String name, String remedy) {
    Optional<Value> value = get(name);
    if (value.isEmpty()) {
      error("the field \"" + name + "\" is required; " + remedy);
    }
    return value;
  }

  Optional<Fields> object(String name) {
    return get(name).flatMap(Value::fields);
  }

  List<Value> items(String name) {
    return get(name).map(Value::items).orElse(List.of());
  }

  /** Refuses each of these fields of Istio's that is there. */
  void notSupportedYet(String remedy, String... names) {
    for (String name : names) {
      notYet.add(name);
      Entry entry = node.entry(name);
      if (entry != null && !entry.value().isNull()) {
        diagnostics.error(entry.position(), pathOf(name), "not supported yet; " + remedy);
      }
    }
  }

  /** Refuses each of these fields that is there, for good. */
  void notSupported(String reason, String... names) {
    for (String name : names) {
      notYet.add(name);
      Entry entry = node.entry(name);
      if (entry != null && !entry.value().isNull()) {
        diagnostics.error(entry.position(), pathOf(name), "not supported: " + reason);
      }
    }
  }

  /** Refuses each of the others that is there beside the first. */
  void excludes(String first, String... others) {
    for (String other : others) {
      Entry entry = node.entry(other);
      if (has(first) && entry != null && has(other)) {
        diagnostics.error(
            entry.position(),
            pathOf(other),
            "not possible together with " + Quoting.quote(first) + "; remove one of them");
      }
    }
  }

  /** Whether any of the fields is there and not null. */
  boolean hasAny(String... names) {
    for (String name : names) {
      if (has(name)) {
        return true;
      }
    }
    return false;
  }

  /** The field's text; null when it is absent, empty or no text. */
  @Nullable String text(String name) {
    return get(name).flatMap(Value::string).filter(text -> !text.isEmpty()).orElse(null);
  }

  /** As {@link #text}, of what becomes part of a line of HTTP: without line breaks and the like. */
  @Nullable String line(String name) {
    String text = text(name);
    if (text != null && NameRules.hasControl(text)) {
      get(name)
          .ifPresent(
              value -> value.error("has a line break or another control character; remove it"));
    }
    return text;
  }

  /** The field's duration, at least 1 ms; null when it is absent or wrong. */
  @Nullable Duration duration(String name) {
    return get(name).flatMap(GoDuration::of).orElse(null);
  }

  /** The field's number, from 0 to {@code max}; 0 when it is absent or wrong. */
  int number(String name, int max) {
    return get(name).map(value -> value.integer(0, max).orElse(0)).orElse(0);
  }

  /** Declares fields that are kept and have no effect. */
  void ignore(String... names) {
    honoured.addAll(List.of(names));
  }

  /** An error of the object as a whole. */
  void error(String message) {
    diagnostics.error(position(), path, message);
  }

  void warning(String message) {
    diagnostics.warning(position(), path, message);
  }

  /** Warns that the object is read, and changes nothing. */
  void noEffect(String message) {
    diagnostics.warning(MessageCode.NO_EFFECT, position(), path, message);
  }

  /** Refuses the fields that were not asked for. */
  void end() {
    Set<String> known = new TreeSet<>(honoured);
    known.addAll(notYet);
    for (Entry entry : node.entries()) {
      if (!known.contains(entry.key())) {
        diagnostics.error(
            entry.position(), pathOf(Quoting.shorten(entry.key())), unknown(entry.key(), known));
      }
    }
  }

  private String unknown(String name, Set<String> known) {
    String hint = NearestName.hint(name, known);
    if (honoured.isEmpty()) {
      return "unknown field " + Quoting.quote(name) + hint;
    }
    return "unknown field "
        + Quoting.quote(name)
        + hint
        + " (supported here: "
        + Quoting.list(honoured)
        + ")";
  }

  private String pathOf(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }
}
