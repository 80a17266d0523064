package io.inmesh.control.compile;

import io.inmesh.policy.Sidecar;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client may know of the mesh.
 *
 * @param sidecar null: everything
 * @param namespace what {@code .} means in it
 */
record Scope(@Nullable Sidecar sidecar, String namespace) {
  static final Scope EVERYTHING = new Scope(null, "");

  /** Whether hosts that are not known fail, instead of passing untouched. */
  boolean refusesTheUnknown() {
    return sidecar != null
        && sidecar.outboundTrafficPolicy() == Sidecar.OutboundTrafficPolicy.REGISTRY_ONLY;
  }

  /** Whether a host, of a resource or service of some namespace, is known at a port. */
  boolean knows(String host, String hostNamespace, int port) {
    if (sidecar == null || sidecar.egress().isEmpty()) {
      return true;
    }
    List<Sidecar.Egress> ofPort =
        sidecar.egress().stream().filter(egress -> egress.port() == port).toList();
    List<Sidecar.Egress> counting =
        ofPort.isEmpty()
            ? sidecar.egress().stream().filter(egress -> egress.port() == 0).toList()
            : ofPort;
    return counting.stream()
        .flatMap(egress -> egress.hosts().stream())
        .anyMatch(selector -> selector.selects(host, hostNamespace, namespace));
  }
}
