package io.inmesh.agent.config;

import java.util.Locale;

/** Names this process in the mesh: {@code <service or main class>-<6 hex digits>}. */
final class InstanceName {
  private static final int MAX_BASE = 40;

  /**
   * A name that no other process has, for all practical purposes.
   *
   * @param command the main class or jar with its arguments, as {@code sun.java.command} has it
   */
  static String fresh(String service, String command) {
    // Mixed rather than drawn: SecureRandom would initialise security providers that the
    // application may still want to configure.
    long seed = System.nanoTime() * 31 + ProcessHandle.current().pid();
    long mixed = (seed ^ (seed >>> 33)) * 0xff51afd7ed558ccdL;
    mixed ^= mixed >>> 33;
    return base(service, command) + "-" + String.format(Locale.ROOT, "%06x", mixed & 0xffffff);
  }

  static String base(String service, String command) {
    if (!service.isEmpty()) {
      int dot = service.indexOf('.');
      return dot < 0 ? service : service.substring(0, dot);
    }
    int space = command.indexOf(' ');
    String main = space < 0 ? command : command.substring(0, space);
    main = main.substring(main.lastIndexOf('/') + 1);
    main = main.substring(main.lastIndexOf('\\') + 1);
    if (main.endsWith(".jar")) {
      main = main.substring(0, main.length() - ".jar".length());
    } else {
      main = main.substring(main.lastIndexOf('.') + 1);
    }
    String clean = main.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    clean = clean.replaceAll("^-+|-+$", "");
    if (clean.isEmpty()) {
      return "java";
    }
    return clean.length() > MAX_BASE ? clean.substring(0, MAX_BASE) : clean;
  }

  private InstanceName() {}
}
