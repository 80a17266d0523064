package io.inmesh.policy;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** Reads a rule's {@link DirectResponse}. */
final class DirectResponseParser {

  private static final int LARGE = 100 * 1024;

  static DirectResponse parse(Fields fields) {
    int status =
        fields
            .required("status", "write \"status: 200\"")
            .map(value -> value.integer(200, 599).orElse(0))
            .orElse(0);
    String body = fields.object("body").map(DirectResponseParser::body).orElse("");
    if (body.length() > LARGE) {
      fields.warning(
          "a body of "
              + body.length() / 1024
              + " KB is sent to every agent whenever the routes change; let a service answer");
    }
    fields.end();
    return new DirectResponse(status, body);
  }

  private static String body(Fields fields) {
    fields.excludes("string", "bytes");
    String text = fields.get("string").flatMap(Value::string).orElse("");
    String bytes = fields.get("bytes").flatMap(DirectResponseParser::bytes).orElse("");
    fields.end();
    return bytes.isEmpty() ? text : bytes;
  }

  private static Optional<String> bytes(Value value) {
    Optional<String> text = value.string();
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(text.get()));
      return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(bytes).toString());
    } catch (IllegalArgumentException e) {
      value.error("is not base64; encode the bytes, or write the text as \"string\"");
    } catch (CharacterCodingException e) {
      value.notSupportedYet("the bytes must be UTF-8 text; let a service answer with others");
    }
    return Optional.empty();
  }

  private DirectResponseParser() {}
}
