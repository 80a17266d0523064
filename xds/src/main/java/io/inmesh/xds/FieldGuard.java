package io.inmesh.xds;

import io.inmesh.shaded.protobuf.CodedInputStream;
import io.inmesh.shaded.protobuf.MessageLite;
import io.inmesh.shaded.protobuf.WireFormat;
import java.io.IOException;
import java.lang.reflect.Field;
import java.util.Locale;

/**
 * Finds what a parser has left unread in a message.
 *
 * <p>Lite messages have no descriptors, so nobody can list the fields that are set. But a parser
 * knows which ones it has understood: it clears them in a copy, and whatever the copy still
 * serialises to is what it did not understand, fields unknown to our version of the protos
 * included.
 */
final class FieldGuard {
  /**
   * @param rest a copy of the message in which every understood field is cleared
   * @throws RejectedException naming the first field that is left
   */
  static void requireNothingLeft(MessageLite rest, String path) throws RejectedException {
    if (rest.getSerializedSize() == 0) {
      return;
    }
    int number = firstField(rest);
    String name = fieldName(rest.getClass(), number);
    throw new RejectedException(path.isEmpty() ? name : path + "." + name, "not supported");
  }

  private static int firstField(MessageLite message) {
    try {
      CodedInputStream in = CodedInputStream.newInstance(message.toByteArray());
      return WireFormat.getTagFieldNumber(in.readTag());
    } catch (IOException e) {
      throw new IllegalStateException("a message cannot read what it wrote itself", e);
    }
  }

  /**
   * The generated constant {@code RATE_LIMITS_FIELD_NUMBER} is the only place where a lite class
   * keeps a field's name.
   */
  private static String fieldName(Class<?> type, int number) {
    String suffix = "_FIELD_NUMBER";
    for (Field field : type.getFields()) {
      try {
        if (field.getName().endsWith(suffix)
            && field.getType() == int.class
            && field.getInt(null) == number) {
          String constant = field.getName();
          return constant
              .substring(0, constant.length() - suffix.length())
              .toLowerCase(Locale.ROOT);
        }
      } catch (IllegalAccessException e) {
        throw new IllegalStateException("generated constants are public", e);
      }
    }
    return "field number " + number + " (unknown to this agent version)";
  }

  private FieldGuard() {}
}
