package io.inmesh.control.registry;

import java.util.Map;

/**
 * Where a service can be reached.
 *
 * @param port where it listens
 * @param weight its share, at least 1
 * @param labels what subsets select by
 * @param source who says so: {@code agent/NAME}, {@code WorkloadEntry/NS/NAME}, {@code
 *     ServiceEntry/NS/NAME}
 */
public record ServiceEndpoint(
    String address, int port, int weight, Map<String, String> labels, String source) {
  public ServiceEndpoint {
    labels = Map.copyOf(labels);
  }
}
