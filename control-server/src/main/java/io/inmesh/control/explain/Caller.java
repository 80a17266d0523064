package io.inmesh.control.explain;

import io.inmesh.control.compile.Client;
import java.util.List;
import java.util.Map;

/**
 * Who calls: instances of a service that policy does not tell apart.
 *
 * @param service its full name; empty: it serves none
 * @param labels of the first instance
 * @param instances agents and other workloads, as endpoints' sources name them
 */
record Caller(
    String service, String namespace, Map<String, String> labels, List<String> instances) {
  Client client() {
    return new Client(namespace, labels);
  }

  /** As people say it: {@code shop}; another namespace than {@code default} is named. */
  String name() {
    String name = service.isEmpty() ? String.join(", ", instances) : service;
    int dot = name.indexOf('.');
    if (service.isEmpty() || dot < 0 || !service.endsWith("." + namespace + ".svc.cluster.local")) {
      return name;
    }
    return name.substring(0, dot) + (namespace.equals("default") ? "" : "." + namespace);
  }
}
