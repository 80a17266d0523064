package io.inmesh.agent.config;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The forms of the values, each parsed or refused with an {@link IllegalArgumentException} that
 * says what is allowed.
 */
final class SettingValues {
  static final List<URI> DEFAULT_CONTROLS = List.of(URI.create("http://127.0.0.1:15010"));
  static final Duration DEFAULT_STARTUP_WAIT = Duration.ofSeconds(2);

  private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,3})?)(ms|s|m)?");

  static List<URI> controls(String text) {
    List<URI> controls = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      controls.add(control(part.strip()));
    }
    return controls;
  }

  private static URI control(String text) {
    String full = text.contains("://") ? text : "http://" + text;
    try {
      URI uri = URI.create(full);
      String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
      if (uri.getHost() != null && (scheme.equals("http") || scheme.equals("https"))) {
        int port = uri.getPort() < 0 ? 15010 : uri.getPort();
        return URI.create(scheme + "://" + uri.getHost() + ":" + port);
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("'" + text + "' is no address: " + e.getMessage(), e);
    }
    throw new IllegalArgumentException("'" + text + "' must be like http://127.0.0.1:15010");
  }

  static String service(String text) {
    String[] parts = text.split("\\.", -1);
    if (!NAME.matcher(parts[0]).matches()
        || (parts.length > 1 && !NAME.matcher(parts[1]).matches())) {
      throw new IllegalArgumentException(
          "a service is a name (lower-case letters, digits, '-') or name.namespace");
    }
    if (parts.length > 2 && !text.endsWith(".svc.cluster.local")) {
      throw new IllegalArgumentException("a service is a name or name.namespace");
    }
    return parts.length > 1 ? parts[0] + "." + parts[1] : parts[0];
  }

  static String name(String text) {
    if (!NAME.matcher(text).matches()) {
      throw new IllegalArgumentException("1 to 63 lower-case letters, digits and '-'");
    }
    return text;
  }

  static Map<String, String> labels(String text) {
    Map<String, String> labels = new LinkedHashMap<>();
    for (String part : text.split(",", -1)) {
      int equals = part.indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException("labels are like version=v2,tier=web");
      }
      labels.put(part.substring(0, equals).strip(), part.substring(equals + 1).strip());
    }
    return labels;
  }

  static List<PortMapping> ports(String text) {
    List<PortMapping> ports = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      String[] pair = part.strip().split(":", -1);
      if (pair.length > 2) {
        throw new IllegalArgumentException("ports are like 8080 or 8080:9081, comma between them");
      }
      int service = port(pair[0]);
      ports.add(new PortMapping(service, pair.length == 2 ? port(pair[1]) : service));
    }
    return ports;
  }

  static int port(String text) {
    try {
      int port = Integer.parseInt(text);
      if (port >= 1 && port <= 65535) {
        return port;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + text + "' is no port (1 to 65535)", e);
    }
    throw new IllegalArgumentException("'" + text + "' is no port (1 to 65535)");
  }

  static String address(String text) {
    if (text.contains("/") || text.contains(" ") || text.contains("~")) {
      throw new IllegalArgumentException("an address is an IP address or a host name, no port");
    }
    return text;
  }

  static Path directory(String text) {
    // InvalidPathException is an IllegalArgumentException.
    return Path.of(text);
  }

  static Path defaultDataDir(String home) {
    return Path.of(home, ".inmesh", "agent");
  }

  /** {@code 2s}, {@code 500ms}, {@code 1m}; a bare number counts seconds. */
  static Duration duration(String text) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("a duration is like 2s, 500ms or 0");
    }
    double number = Double.parseDouble(matcher.group(1));
    String unit = matcher.group(2) == null ? "s" : matcher.group(2);
    return Duration.ofMillis(
        switch (unit) {
          case "ms" -> Math.round(number);
          case "m" -> Math.round(number * 60_000);
          default -> Math.round(number * 1000);
        });
  }

  static boolean bool(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true", "yes", "on", "1" -> true;
      case "false", "no", "off", "0" -> false;
      default -> throw new IllegalArgumentException("true or false");
    };
  }

  static LogLevel logLevel(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "off" -> LogLevel.OFF;
      case "warn" -> LogLevel.WARN;
      case "info" -> LogLevel.INFO;
      case "debug" -> LogLevel.DEBUG;
      default -> throw new IllegalArgumentException("off, warn, info or debug");
    };
  }

  /**
   * Loopback while the control server is there, because then everything is on one machine; else the
   * first IPv4 address of this machine that is not loopback or link-local.
   */
  static String defaultAddress(List<URI> controls) {
    if (controls.stream().allMatch(control -> isLoopback(String.valueOf(control.getHost())))) {
      return "127.0.0.1";
    }
    try {
      for (NetworkInterface nic : Collections.list(NetworkInterface.getNetworkInterfaces())) {
        if (!nic.isUp() || nic.isLoopback()) {
          continue;
        }
        for (InetAddress address : Collections.list(nic.getInetAddresses())) {
          if (address instanceof Inet4Address && !address.isLinkLocalAddress()) {
            return address.getHostAddress();
          }
        }
      }
    } catch (SocketException e) {
      return "127.0.0.1"; // A machine whose interfaces cannot be listed has only this one for us.
    }
    return "127.0.0.1";
  }

  private static boolean isLoopback(String host) {
    return host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]");
  }

  private SettingValues() {}
}
