package io.inmesh.control.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import java.io.IOException;

/** Reads and writes JSON. */
final class Json {
  static final ObjectMapper MAPPER = new ObjectMapper();

  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  static byte[] bytes(JsonNode node) {
    try {
      return MAPPER.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of JSON nodes that cannot be written", e);
    }
  }

  /** Reads what this server itself has written. */
  static ObjectNode stored(byte[] value) {
    try {
      return (ObjectNode) MAPPER.readTree(value);
    } catch (IOException e) {
      throw new IllegalStateException("a stored value that is not JSON", e);
    }
  }

  static HttpResponse response(int code, JsonNode body) {
    return HttpResponse.of(HttpStatus.valueOf(code), MediaType.JSON_UTF_8, bytes(body));
  }

  private Json() {}
}
