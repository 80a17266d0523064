package io.inmesh.agent.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The settings that users may type; the names are fixed because scripts depend on them. */
enum Setting {
  CONTROL("control"),
  SERVICE("service"),
  NAMESPACE("namespace"),
  SERVICE_ACCOUNT("service.account"),
  LABELS("labels"),
  PORTS("ports"),
  ADDRESS("address"),
  TOKEN("token"),
  TOKEN_FILE("token.file"),
  DATA_DIR("data.dir"),
  STARTUP_WAIT("startup.wait"),
  ENABLED("enabled"),
  LOG_LEVEL("log.level"),
  ADMIN_PORT("admin.port");

  static final String PROPERTY_PREFIX = "inmesh.";
  static final String ENVIRONMENT_PREFIX = "INMESH_";

  private final String key;

  Setting(String key) {
    this.key = key;
  }

  /** As an agent argument, {@code startup.wait}. */
  String key() {
    return key;
  }

  /** As a system property, {@code inmesh.startup.wait}. */
  String property() {
    return PROPERTY_PREFIX + key;
  }

  /** As an environment variable, {@code INMESH_STARTUP_WAIT}. */
  String environment() {
    return ENVIRONMENT_PREFIX + key.toUpperCase(Locale.ROOT).replace('.', '_');
  }

  static List<String> keys() {
    return Arrays.stream(values()).map(Setting::key).toList();
  }

  static List<String> environmentNames() {
    return Arrays.stream(values()).map(Setting::environment).toList();
  }
}
