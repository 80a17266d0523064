package io.inmesh.control.compile;

import io.inmesh.policy.Hosts;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Host and port as an application wrote them: {@code orders:8080}. Without a port it is 80.
 *
 * @param host in lower case, without a trailing dot
 */
record Authority(String host, int port) {
  private static final int DEFAULT_PORT = 80;

  static Optional<Authority> parse(String text) {
    int colon = text.lastIndexOf(':');
    boolean hasPort = colon >= 0 && text.indexOf(']', colon) < 0;
    String host = (hasPort ? text.substring(0, colon) : text).toLowerCase(Locale.ROOT);
    if (host.endsWith(".") && host.indexOf('.') < host.length() - 1) {
      host = host.substring(0, host.length() - 1); // "orders.shop.": the root's dot means nothing
    }
    if (host.isEmpty()) {
      return Optional.empty();
    }
    if (!hasPort) {
      return Optional.of(new Authority(host, DEFAULT_PORT));
    }
    try {
      int port = Integer.parseInt(text.substring(colon + 1));
      return port > 0 && port <= 65_535 ? Optional.of(new Authority(host, port)) : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** The full names that the host may stand for in a namespace, the likeliest first. */
  List<String> candidates(String namespace) {
    int dots = (int) host.chars().filter(c -> c == '.').count();
    if (dots == 0) {
      return List.of(Hosts.fqdn(host, namespace));
    }
    if (dots == 1) {
      return List.of(host + "." + Hosts.CLUSTER_DOMAIN, host); // orders.shop, or a domain
    }
    if (dots == 2 && host.endsWith(".svc")) {
      return List.of(host + ".cluster.local", host);
    }
    return List.of(host);
  }
}
