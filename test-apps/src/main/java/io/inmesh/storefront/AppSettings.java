package io.inmesh.storefront;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an app was started with: {@code --some-name value} arguments, else {@code SOME_NAME} in the
 * environment, else a default. An argument without a value is a switch.
 */
final class AppSettings {

  private final Map<String, String> arguments;
  private final Map<String, String> environment;

  private AppSettings(Map<String, String> arguments, Map<String, String> environment) {
    this.arguments = arguments;
    this.environment = environment;
  }

  /**
   * Reads the arguments of an app.
   *
   * @throws IllegalArgumentException for an argument that the app does not know
   */
  static AppSettings of(String[] args, Map<String, String> environment, Set<String> known) {
    Map<String, String> arguments = new HashMap<>();
    for (int i = 0; i < args.length; i++) {
      String name = args[i].startsWith("--") ? args[i].substring(2) : "";
      if (!known.contains(name)) {
        throw new IllegalArgumentException(
            "unknown argument " + args[i] + "; known are " + known.stream().sorted().toList());
      }
      boolean hasValue = i + 1 < args.length && !args[i + 1].startsWith("--");
      arguments.put(name, hasValue ? args[++i] : "true");
    }
    return new AppSettings(arguments, environment);
  }

  String text(String name, String fallback) {
    String value = value(name);
    return value == null ? fallback : value;
  }

  int number(String name, int fallback) {
    String value = value(name);
    if (value == null) {
      return fallback;
    }
    try {
      return Integer.parseInt(value.strip());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("--" + name + " takes a number, not '" + value + "'", e);
    }
  }

  boolean isSet(String name) {
    return "true".equals(value(name));
  }

  private @Nullable String value(String name) {
    String argument = arguments.get(name);
    return argument != null
        ? argument
        : environment.get(name.toUpperCase(Locale.ROOT).replace('-', '_'));
  }
}
