package io.inmesh.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.inmesh.policy.YamlNode.Entry;
import io.inmesh.policy.YamlNode.Mapping;
import io.inmesh.policy.YamlNode.Scalar;
import io.inmesh.policy.YamlNode.Sequence;
import java.math.BigDecimal;
import java.math.BigInteger;

/** The JSON form of what was read: aliases written out, order kept. */
final class JsonTree {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** Longer numbers take long to read and are no policy's; they are kept as texts. */
  private static final int MAX_DIGITS = 40;

  static ObjectNode object(Mapping mapping) {
    ObjectNode object = JSON.objectNode();
    for (Entry entry : mapping.entries()) {
      object.set(entry.key(), of(entry.value()));
    }
    return object;
  }

  private static JsonNode of(YamlNode node) {
    if (node instanceof Mapping mapping) {
      return object(mapping);
    }
    if (node instanceof Sequence sequence) {
      ArrayNode array = JSON.arrayNode(sequence.items().size());
      sequence.items().forEach(item -> array.add(of(item)));
      return array;
    }
    Scalar scalar = (Scalar) node;
    return switch (scalar.type()) {
      case NULL -> JSON.nullNode();
      case BOOLEAN -> JSON.booleanNode(scalar.isTrue());
      case INTEGER -> integer(scalar.text());
      case FLOAT -> decimal(scalar.text());
      case STRING -> JSON.textNode(scalar.text());
    };
  }

  private static JsonNode integer(String text) {
    if (isLong(text)) {
      return JSON.textNode(text);
    }
    try {
      return JSON.numberNode(new BigInteger(text));
    } catch (NumberFormatException e) {
      // Hexadecimal, octal, or tagged as a number and none: kept as it was written.
      return JSON.textNode(text);
    }
  }

  private static JsonNode decimal(String text) {
    if (isLong(text)) {
      return JSON.textNode(text);
    }
    try {
      return JSON.numberNode(new BigDecimal(text));
    } catch (NumberFormatException e) {
      // .inf and .nan have no JSON form.
      return JSON.textNode(text);
    }
  }

  private static boolean isLong(String text) {
    return text.length() > MAX_DIGITS;
  }

  private JsonTree() {}
}
