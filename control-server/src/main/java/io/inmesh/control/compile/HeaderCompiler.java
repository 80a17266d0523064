package io.inmesh.control.compile;

import io.inmesh.policy.HeaderOperations.Changes;
import io.inmesh.shaded.envoy.config.core.v3.HeaderValue;
import io.inmesh.shaded.envoy.config.core.v3.HeaderValueOption;
import io.inmesh.shaded.envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Changes to headers as Envoy's options. A change of {@code Host} is none of these: it is a rewrite
 * of the host, as in Istio.
 */
final class HeaderCompiler {
  /** What is set, then what is added, each by name. */
  static List<HeaderValueOption> values(Changes changes) {
    List<HeaderValueOption> options = new ArrayList<>();
    add(options, changes.set(), HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD);
    add(options, changes.add(), HeaderAppendAction.APPEND_IF_EXISTS_OR_ADD);
    return options;
  }

  private static void add(
      List<HeaderValueOption> options, Map<String, String> values, HeaderAppendAction action) {
    new TreeMap<>(values)
        .forEach(
            (name, value) -> {
              if (isChangeable(name)) {
                options.add(
                    HeaderValueOption.newBuilder()
                        .setHeader(HeaderValue.newBuilder().setKey(name).setValue(value))
                        .setAppendAction(action)
                        .build());
              }
            });
  }

  static List<String> removals(Changes changes) {
    return changes.remove().stream().filter(HeaderCompiler::isChangeable).toList();
  }

  /** What {@code Host} is set to, else added; empty when it stays. */
  static String host(Changes changes) {
    String set = host(changes.set());
    return set.isEmpty() ? host(changes.add()) : set;
  }

  private static String host(Map<String, String> values) {
    for (Map.Entry<String, String> value : values.entrySet()) {
      if (isHost(value.getKey())) {
        return value.getValue();
      }
    }
    return "";
  }

  private static boolean isChangeable(String name) {
    return !name.startsWith(":") && !isHost(name);
  }

  private static boolean isHost(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.equals("host") || lower.equals(":authority");
  }

  private HeaderCompiler() {}
}
