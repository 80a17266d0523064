package io.inmesh.golden.generated;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/** Trees of JSON, written in one expression. */
final class Json {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  /** An object with its keys and values by turns. */
  static ObjectNode object(Object... keysAndValues) {
    ObjectNode object = NODES.objectNode();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      object.set((String) keysAndValues[i], node(keysAndValues[i + 1]));
    }
    return object;
  }

  static ArrayNode array(Object... values) {
    return array(List.of(values));
  }

  static ArrayNode array(List<?> values) {
    ArrayNode array = NODES.arrayNode();
    values.forEach(each -> array.add(node(each)));
    return array;
  }

  private static JsonNode node(Object value) {
    if (value instanceof JsonNode node) {
      return node;
    } else if (value instanceof String text) {
      return NODES.textNode(text);
    } else if (value instanceof Integer number) {
      return NODES.numberNode(number);
    } else if (value instanceof Double number) {
      return NODES.numberNode(number);
    } else if (value instanceof Boolean bool) {
      return NODES.booleanNode(bool);
    } else if (value instanceof List<?> list) {
      return array(list);
    } else if (value instanceof Map<?, ?> map) {
      ObjectNode object = NODES.objectNode();
      map.forEach((key, each) -> object.set((String) key, node(each)));
      return object;
    }
    throw new IllegalArgumentException("no JSON: " + value);
  }

  private Json() {}
}
