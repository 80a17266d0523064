package io.inmesh.control.compile;

import java.util.Optional;

/**
 * A cluster's name, as istiod writes it: {@code outbound|8080|v1|orders.default.svc.cluster.local}.
 *
 * @param subset "" = all endpoints
 */
record ClusterName(int port, String subset, String host) {

  static Optional<ClusterName> parse(String name) {
    String[] parts = name.split("\\|", -1);
    if (parts.length != 4 || !parts[0].equals("outbound") || parts[3].isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new ClusterName(Integer.parseInt(parts[1]), parts[2], parts[3]));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return "outbound|" + port + "|" + subset + "|" + host;
  }
}
