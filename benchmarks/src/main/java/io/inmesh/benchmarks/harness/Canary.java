package io.inmesh.benchmarks.harness;

/** The canary that is measured: {@code orders:8080} in two versions, weighted. */
public final class Canary {

  /** What a client calls. */
  public static final String URL = "http://orders:8080/";

  /** Applies the service's two endpoints, its subsets, and the weights. */
  public static void apply(ControlServer control, long v1Port, long v2Port, int v2Weight) {
    control.apply("serviceentries", "orders", serviceEntry(v1Port, v2Port));
    control.apply("destinationrules", "orders", DESTINATION_RULE);
    weigh(control, v2Weight);
  }

  /** Applies the weights alone. */
  public static void weigh(ControlServer control, int v2Weight) {
    control.apply("virtualservices", "orders", virtualService(v2Weight));
  }

  private static String serviceEntry(long v1Port, long v2Port) {
    return """
        apiVersion: networking.istio.io/v1
        kind: ServiceEntry
        metadata:
          name: orders
        spec:
          hosts: [orders.default.svc.cluster.local]
          location: MESH_INTERNAL
          resolution: STATIC
          ports:
          - {number: 8080, name: http, protocol: HTTP}
          endpoints:
          - {address: 127.0.0.1, ports: {http: %d}, labels: {version: v1}}
          - {address: 127.0.0.1, ports: {http: %d}, labels: {version: v2}}
        """
        .formatted(v1Port, v2Port);
  }

  private static final String DESTINATION_RULE =
      """
      apiVersion: networking.istio.io/v1
      kind: DestinationRule
      metadata:
        name: orders
      spec:
        host: orders
        subsets:
        - {name: v1, labels: {version: v1}}
        - {name: v2, labels: {version: v2}}
      """;

  private static String virtualService(int v2Weight) {
    return """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata:
          name: orders
        spec:
          hosts: [orders]
          http:
          - route:
            - {destination: {host: orders, subset: v1}, weight: %d}
            - {destination: {host: orders, subset: v2}, weight: %d}
        """
        .formatted(100 - v2Weight, v2Weight);
  }

  private Canary() {}
}
