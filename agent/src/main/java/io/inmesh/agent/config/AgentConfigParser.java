package io.inmesh.agent.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Reads the settings: agent arguments ({@code a=b;c=d}) before system properties ({@code inmesh.a})
 * before the environment ({@code INMESH_A}).
 *
 * <p>It never fails. An unknown setting is reported with the nearest known name and ignored; a bad
 * value is reported and replaced by the default. One instance per use; not thread-safe.
 */
public final class AgentConfigParser {
  private final Map<String, String> arguments = new LinkedHashMap<>();
  private final Properties properties;
  private final Map<String, String> environment;
  private final List<String> problems = new ArrayList<>();

  /**
   * Reads all three sources.
   *
   * @param arguments what follows {@code =} behind the agent's jar, or null
   * @param properties the system properties
   * @param environment the environment
   */
  public static ParsedConfig parse(
      @Nullable String arguments, Properties properties, Map<String, String> environment) {
    AgentConfigParser parser = new AgentConfigParser(properties, environment);
    parser.readArguments(arguments == null ? "" : arguments);
    parser.reportUnknownNames();
    AgentConfig config = parser.build();
    return new ParsedConfig(config, parser.problems);
  }

  private AgentConfigParser(Properties properties, Map<String, String> environment) {
    this.properties = properties;
    this.environment = environment;
  }

  private void readArguments(String text) {
    for (String part : text.split(";", -1)) {
      if (part.isBlank()) {
        continue;
      }
      int equals = part.indexOf('=');
      if (equals < 0) {
        problems.add("agent argument '" + part.strip() + "' is ignored: write name=value");
        continue;
      }
      arguments.put(part.substring(0, equals).strip(), part.substring(equals + 1).strip());
    }
  }

  private void reportUnknownNames() {
    List<String> keys = Setting.keys();
    for (String name : arguments.keySet()) {
      if (!keys.contains(name)) {
        reportUnknown("agent argument", name, NearestName.of(name, keys).orElse(""));
      }
    }
    for (String name : properties.stringPropertyNames()) {
      if (name.startsWith(Setting.PROPERTY_PREFIX)) {
        String key = name.substring(Setting.PROPERTY_PREFIX.length());
        // inmesh.x.* would be somebody's own; only what could be a setting of ours is judged.
        if (!keys.contains(key)) {
          Optional<String> nearest = NearestName.of(key, keys);
          reportUnknown(
              "system property", name, nearest.map(n -> Setting.PROPERTY_PREFIX + n).orElse(""));
        }
      }
    }
    List<String> variables = Setting.environmentNames();
    for (String name : environment.keySet()) {
      if (name.startsWith(Setting.ENVIRONMENT_PREFIX) && !variables.contains(name)) {
        reportUnknown("environment variable", name, NearestName.of(name, variables).orElse(""));
      }
    }
  }

  private void reportUnknown(String what, String name, String nearest) {
    problems.add(
        what
            + " '"
            + name
            + "' is not a known setting and is ignored"
            + (nearest.isEmpty() ? "" : "; did you mean '" + nearest + "'?"));
  }

  private AgentConfig build() {
    List<java.net.URI> controls =
        read(Setting.CONTROL, SettingValues::controls, SettingValues.DEFAULT_CONTROLS);
    String service = read(Setting.SERVICE, SettingValues::service, "");
    noteUnusedToken(Setting.TOKEN);
    noteUnusedToken(Setting.TOKEN_FILE);
    return new AgentConfig(
        controls,
        service,
        read(Setting.NAMESPACE, SettingValues::name, namespaceOf(service)),
        read(Setting.SERVICE_ACCOUNT, SettingValues::name, "default"),
        read(Setting.LABELS, SettingValues::labels, Map.of()),
        read(Setting.PORTS, SettingValues::ports, List.of()),
        read(Setting.ADDRESS, SettingValues::address, SettingValues.defaultAddress(controls)),
        read(
            Setting.DATA_DIR,
            SettingValues::directory,
            SettingValues.defaultDataDir(properties.getProperty("user.home", "."))),
        read(Setting.STARTUP_WAIT, SettingValues::duration, SettingValues.DEFAULT_STARTUP_WAIT),
        read(Setting.ENABLED, SettingValues::bool, true),
        read(Setting.LOG_LEVEL, SettingValues::logLevel, LogLevel.WARN),
        read(
            Setting.ADMIN_PORT,
            text -> OptionalInt.of(SettingValues.port(text)),
            OptionalInt.empty()),
        InstanceName.fresh(service, properties.getProperty("sun.java.command", "")));
  }

  /** {@code service=orders.shop} says where the process is, unless {@code namespace} does. */
  private static String namespaceOf(String service) {
    int dot = service.indexOf('.');
    if (dot < 0) {
      return "default";
    }
    int end = service.indexOf('.', dot + 1);
    return service.substring(dot + 1, end < 0 ? service.length() : end);
  }

  private void noteUnusedToken(Setting setting) {
    if (find(setting) != null) {
      problems.add(
          "setting '"
              + setting.key()
              + "' has no effect: this version has no identity yet; remove it");
    }
  }

  private <T> T read(Setting setting, ValueParser<T> parser, T fallback) {
    Found found = find(setting);
    if (found == null || found.text().isBlank()) {
      return fallback;
    }
    try {
      return parser.parse(found.text().strip());
    } catch (IllegalArgumentException e) {
      problems.add(
          found.source()
              + "="
              + found.text()
              + ": "
              + e.getMessage()
              + "; the default is used: "
              + String.valueOf(fallback).toLowerCase(Locale.ROOT));
      return fallback;
    }
  }

  private @Nullable Found find(Setting setting) {
    String argument = arguments.get(setting.key());
    if (argument != null) {
      return new Found("agent argument " + setting.key(), argument);
    }
    String property = properties.getProperty(setting.property());
    if (property != null) {
      return new Found("system property " + setting.property(), property);
    }
    String variable = environment.get(setting.environment());
    return variable == null
        ? null
        : new Found("environment variable " + setting.environment(), variable);
  }

  /** A value and where it stood. */
  private record Found(String source, String text) {}

  /** Turns a setting's text into its value. */
  private interface ValueParser<T> {
    /**
     * Parses non-blank text.
     *
     * @throws IllegalArgumentException with what is allowed, if the text is no such value
     */
    T parse(String text);
  }
}
