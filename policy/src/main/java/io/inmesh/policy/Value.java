package io.inmesh.policy;

import io.inmesh.policy.YamlNode.Mapping;
import io.inmesh.policy.YamlNode.Position;
import io.inmesh.policy.YamlNode.Scalar;
import io.inmesh.policy.YamlNode.ScalarType;
import io.inmesh.policy.YamlNode.Sequence;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.BiConsumer;

/**
 * A value of a document with its path: what a field's parser asks for a type. A value of another
 * type is reported here, once, and reads as absent.
 */
record Value(YamlNode node, String path, Diagnostics diagnostics) {

  Position position() {
    return node.position();
  }

  void error(String message) {
    diagnostics.error(position(), path, message);
  }

  void error(MessageCode code, String message) {
    diagnostics.error(code, position(), path, message);
  }

  void warning(String message) {
    diagnostics.warning(position(), path, message);
  }

  /** Warns with a code of its own. */
  void warning(MessageCode code, String message) {
    diagnostics.warning(code, position(), path, message);
  }

  /** Warns that the field is read, and changes nothing. */
  void noEffect(String message) {
    warning(MessageCode.NO_EFFECT, message);
  }

  /** Warns that the field has a successor. */
  void deprecated(String message) {
    warning(MessageCode.DEPRECATED, message);
  }

  /** Refuses the value for good. */
  void notSupported(String reason) {
    error("not supported: " + reason);
  }

  /** Refuses the value because the mesh does not do this so far. */
  void notSupportedYet(String remedy) {
    error("not supported yet; " + remedy);
  }

  Optional<String> string() {
    if (node instanceof Scalar scalar && scalar.type() == ScalarType.STRING) {
      return Optional.of(scalar.text());
    }
    boolean quotable = node instanceof Scalar && !node.isNull();
    return wrongType("a text", quotable ? "; put it in quotes: \"" + text() + "\"" : "");
  }

  /** A whole number within bounds, both included. */
  OptionalInt integer(int min, int max) {
    String range = max == Integer.MAX_VALUE ? min + " or more" : "from " + min + " to " + max;
    if (!(node instanceof Scalar scalar) || scalar.type() != ScalarType.INTEGER) {
      boolean quoted =
          node instanceof Scalar text
              && text.type() == ScalarType.STRING
              && text.text().matches("[0-9]{1,10}");
      wrongType("a whole number, " + range, quoted ? "; remove the quotes" : "");
      return OptionalInt.empty();
    }
    BigInteger number = number(scalar.text());
    if (number.compareTo(BigInteger.valueOf(min)) < 0
        || number.compareTo(BigInteger.valueOf(max)) > 0) {
      boolean tooLarge = max == Integer.MAX_VALUE && number.signum() > 0;
      error(
          "must be "
              + (tooLarge ? "at most " + max : range)
              + ", found "
              + Quoting.shorten(scalar.text()));
      return OptionalInt.empty();
    }
    return OptionalInt.of(number.intValue());
  }

  /** A finite number within bounds, both included. */
  OptionalDouble decimal(double min, double max) {
    if (!(node instanceof Scalar scalar)
        || (scalar.type() != ScalarType.INTEGER && scalar.type() != ScalarType.FLOAT)) {
      boolean quoted = node instanceof Scalar && text().matches("[0-9]{1,10}(\\.[0-9]{1,10})?");
      wrongType("a number", quoted ? "; remove the quotes" : "");
      return OptionalDouble.empty();
    }
    double number = toDouble(scalar);
    if (!(number >= min && number <= max)) {
      error(
          "must be "
              + (max == Double.MAX_VALUE ? show(min) + " or more" : show(min) + " to " + show(max))
              + ", found "
              + Quoting.shorten(scalar.text()));
      return OptionalDouble.empty();
    }
    return OptionalDouble.of(number);
  }

  /** Not a number when it is none by Java's rules, as YAML's {@code .inf}. */
  private static double toDouble(Scalar scalar) {
    if (scalar.type() == ScalarType.INTEGER) {
      return number(scalar.text()).doubleValue();
    }
    try {
      return Double.parseDouble(scalar.text());
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  private static String show(double number) {
    return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
  }

  Optional<Boolean> bool() {
    if (node instanceof Scalar scalar && scalar.type() == ScalarType.BOOLEAN) {
      return Optional.of(scalar.isTrue());
    }
    return wrongType("true or false", "");
  }

  /**
   * One of several names.
   *
   * @param known the names that there are, not all of which need be supported
   * @param supported those to recommend
   */
  Optional<String> oneOf(List<String> known, List<String> supported) {
    Optional<String> name = string();
    if (name.isPresent() && !known.contains(name.get())) {
      error(
          "unknown value "
              + Quoting.quote(name.get())
              + NearestName.hint(name.get(), known)
              + " (supported: "
              + Quoting.list(supported)
              + ")");
      return Optional.empty();
    }
    return name;
  }

  /** The items of a list, {@code path[0]} and so on; null items are refused. */
  List<Value> items() {
    if (!(node instanceof Sequence sequence)) {
      wrongType("a list", node instanceof Mapping ? "; begin each item with \"- \"" : "");
      return List.of();
    }
    List<Value> items = new ArrayList<>();
    for (int i = 0; i < sequence.items().size(); i++) {
      Value item = new Value(sequence.items().get(i), path + "[" + i + "]", diagnostics);
      if (item.node.isNull()) {
        item.error("the item is empty; fill it in, or remove it");
      } else {
        items.add(item);
      }
    }
    return items;
  }

  /** The values of a map with free keys, {@code path[key]}; nulls included. */
  Map<String, Value> entries() {
    if (!(node instanceof Mapping mapping)) {
      wrongType("an object", "");
      return Map.of();
    }
    Map<String, Value> entries = new LinkedHashMap<>();
    for (YamlNode.Entry entry : mapping.entries()) {
      entries.put(
          entry.key(),
          new Value(entry.value(), path + "[" + Quoting.shorten(entry.key()) + "]", diagnostics));
    }
    return entries;
  }

  /** A map of texts; {@code check} may report on a key and its value. */
  Map<String, String> stringMap(BiConsumer<String, Value> check) {
    Map<String, String> texts = new LinkedHashMap<>();
    entries()
        .forEach(
            (key, value) -> {
              Optional<String> text = value.string();
              if (text.isPresent()) {
                check.accept(key, value);
                texts.put(key, text.get());
              }
            });
    return texts;
  }

  /** The texts of a list. */
  List<String> texts() {
    List<String> texts = new ArrayList<>();
    items().forEach(item -> item.string().ifPresent(texts::add));
    return texts;
  }

  /** The fields of an object. */
  Optional<Fields> fields() {
    if (node instanceof Mapping mapping) {
      return Optional.of(new Fields(mapping, path, diagnostics));
    }
    return wrongType("an object with fields", "");
  }

  /** Whether this is a text, and an empty one. */
  boolean isEmptyText() {
    return node instanceof Scalar scalar
        && scalar.type() == ScalarType.STRING
        && scalar.text().isEmpty();
  }

  /** The scalar's text; "" for anything else. */
  String text() {
    return node instanceof Scalar scalar ? scalar.text() : "";
  }

  private <T> Optional<T> wrongType(String expected, String remedy) {
    error("expected " + expected + ", found " + node.describe() + remedy);
    return Optional.empty();
  }

  /** Far out of any bound when there are more digits than any bound has. */
  private static BigInteger number(String text) {
    if (text.length() > 40) {
      return BigInteger.ONE.shiftLeft(200);
    }
    if (text.startsWith("0x")) {
      return new BigInteger(text.substring(2), 16);
    }
    return text.startsWith("0o") ? new BigInteger(text.substring(2), 8) : new BigInteger(text);
  }
}
