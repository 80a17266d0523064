package io.inmesh.agent.control;

import io.inmesh.shaded.protobuf.ListValue;
import io.inmesh.shaded.protobuf.Struct;
import io.inmesh.shaded.protobuf.Value;
import java.util.List;
import java.util.Map;

/** Plain values as protobuf's. */
final class Structs {
  static Struct of(Map<?, ?> map) {
    Struct.Builder struct = Struct.newBuilder();
    map.forEach((name, value) -> struct.putFields(String.valueOf(name), value(value)));
    return struct.build();
  }

  private static Value value(Object value) {
    Value.Builder made = Value.newBuilder();
    if (value instanceof Map<?, ?> map) {
      return made.setStructValue(of(map)).build();
    }
    if (value instanceof List<?> list) {
      ListValue.Builder values = ListValue.newBuilder();
      list.forEach(each -> values.addValues(value(each)));
      return made.setListValue(values).build();
    }
    if (value instanceof Number number) {
      return made.setNumberValue(number.doubleValue()).build();
    }
    return value instanceof Boolean truth
        ? made.setBoolValue(truth).build()
        : made.setStringValue(String.valueOf(value)).build();
  }

  private Structs() {}
}
