package io.inmesh.e2e;

/** The policies that tests apply, as users write them. */
final class Policies {
  /** Two subsets of orders, by label, and their weights in percent. */
  static String canary(int v1, int v2) {
    return SUBSETS + "---\n" + weights(v1, v2);
  }

  static final String SUBSETS =
      """
      apiVersion: networking.istio.io/v1
      kind: DestinationRule
      metadata:
        name: orders
      spec:
        host: orders
        subsets:
          - name: v1
            labels: {version: v1}
          - name: v2
            labels: {version: v2}
      """;

  static String weights(int v1, int v2) {
    return """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata:
          name: orders
        spec:
          hosts: [orders]
          http:
            - route:
                - destination: {host: orders, subset: v1}
                  weight: %d
                - destination: {host: orders, subset: v2}
                  weight: %d
        """
        .formatted(v1, v2);
  }

  /** Callers with {@code x-canary: yes} get v2, paths below /none match nothing else. */
  static final String BY_HEADER =
      """
      apiVersion: networking.istio.io/v1
      kind: VirtualService
      metadata:
        name: orders
      spec:
        hosts: [orders]
        http:
          - match:
              - headers:
                  x-canary: {exact: "yes"}
            route:
              - destination: {host: orders, subset: v2}
          - match:
              - uri: {prefix: /orders}
            route:
              - destination: {host: orders, subset: v1}
      """;

  /** Any instance of orders, in turn. */
  static final String ROUND_ROBIN =
      """
      apiVersion: networking.istio.io/v1
      kind: DestinationRule
      metadata:
        name: orders
      spec:
        host: orders
        trafficPolicy:
          loadBalancer:
            simple: ROUND_ROBIN
      """;

  /** A host outside of the mesh, served by these ports of loopback. */
  static String staticHost(String host, int... ports) {
    StringBuilder endpoints = new StringBuilder();
    for (int port : ports) {
      endpoints.append("    - address: 127.0.0.1\n      ports: {http: ").append(port).append("}\n");
    }
    return """
        apiVersion: networking.istio.io/v1
        kind: ServiceEntry
        metadata:
          name: NAME
        spec:
          hosts: [HOST]
          ports:
            - {number: 80, name: http, protocol: HTTP}
          resolution: STATIC
          endpoints:
        """
            .replace("NAME", host.replace('.', '-'))
            .replace("HOST", host)
        + endpoints;
  }

  private Policies() {}
}
