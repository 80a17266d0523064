package io.inmesh.golden.generated;

import java.util.List;

/**
 * A service of one case.
 *
 * @param kind the service of the recordings whose instances it has
 * @param host the name that policy knows it by, in full
 */
record Service(String kind, String name, String namespace, String host) {
  /** Where a client calls it; no client writes the port of its scheme. */
  String at(int port) {
    return port == 80 ? host : host + ":" + port;
  }

  /** Subsets that select one instance each; none for services whose instances are alike. */
  List<String> subsets() {
    return kind.equals("orders") ? List.of("v1", "v2", "v3") : List.of();
  }

  /** Whether which instance answers is chance. */
  boolean hasSeveral() {
    return Topology.instances(kind).size() > 1;
  }
}
