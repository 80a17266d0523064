package io.inmesh.xds;

import java.util.Optional;

/**
 * Cluster names as istiod builds them: {@code outbound|8080|v1|orders.default.svc.cluster.local}.
 *
 * @param subset empty for all endpoints of the host
 */
public record Names(int port, String subset, String host) {
  /** The name of the cluster for a port and subset of a host. */
  public static String outbound(int port, String subset, String host) {
    return "outbound|" + port + "|" + subset + "|" + host;
  }

  /** The parts of an outbound cluster's name; empty if it is none. */
  public static Optional<Names> parse(String cluster) {
    String[] parts = cluster.split("\\|", -1);
    if (parts.length != 4 || !parts[0].equals("outbound")) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Names(Integer.parseInt(parts[1]), parts[2], parts[3]));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
