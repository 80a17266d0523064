package io.inmesh.policy;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A value of a YAML or JSON document and where it stands: what the YAML parser's events compose to.
 */
sealed interface YamlNode {

  /** How booleans are written, in any case. */
  Set<String> TRUE = Set.of("true", "yes", "on", "y");

  /** Where the value begins. */
  Position position();

  /** How many values this is, itself included, with every alias written out. */
  int size();

  /**
   * A place in the source.
   *
   * @param line from 1
   * @param column from 1
   */
  record Position(int line, int column) {}

  /**
   * What a scalar is: by YAML 1.2's core schema, and by YAML 1.1 for booleans, as kubectl and
   * istioctl read them.
   */
  enum ScalarType {
    NULL,
    BOOLEAN,
    INTEGER,
    FLOAT,
    STRING
  }

  /**
   * A single value.
   *
   * @param text as written, without quotes
   */
  record Scalar(Position position, ScalarType type, String text) implements YamlNode {

    /** Of a boolean, whether it is true. */
    boolean isTrue() {
      return TRUE.contains(text.toLowerCase(Locale.ROOT));
    }

    @Override
    public int size() {
      return 1;
    }
  }

  /** A list. */
  record Sequence(Position position, int size, List<YamlNode> items) implements YamlNode {}

  /** Named values, in order; no name twice. */
  record Mapping(Position position, int size, List<Entry> entries) implements YamlNode {

    @Nullable Entry entry(String key) {
      for (Entry entry : entries) {
        if (entry.key.equals(key)) {
          return entry;
        }
      }
      return null;
    }
  }

  /** A name and its value. */
  record Entry(Position position, String key, YamlNode value) {}

  /** Whether nothing stands here: {@code null}, {@code ~} or an empty value. */
  default boolean isNull() {
    return this instanceof Scalar scalar && scalar.type() == ScalarType.NULL;
  }

  /** The value in words, for "found ...": {@code the text "a"}, {@code a list of 2}. */
  default String describe() {
    if (this instanceof Sequence sequence) {
      return sequence.items().isEmpty() ? "an empty list" : "a list of " + sequence.items().size();
    }
    if (this instanceof Mapping mapping) {
      return mapping.entries().isEmpty()
          ? "an empty object"
          : "an object with the field \"" + Quoting.shorten(mapping.entries().get(0).key()) + "\"";
    }
    Scalar scalar = (Scalar) this;
    return switch (scalar.type()) {
      case NULL -> "nothing";
      case BOOLEAN -> "the boolean " + scalar.text();
      case INTEGER, FLOAT -> "the number " + Quoting.shorten(scalar.text());
      case STRING -> "the text " + Quoting.quote(scalar.text());
    };
  }
}
