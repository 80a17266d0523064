package io.inmesh.cli;

/** Policy as tests need it. */
final class PolicyTexts {

  static final String RULE =
      """
      apiVersion: networking.istio.io/v1
      kind: DestinationRule
      metadata:
        name: orders
      spec:
        host: orders
        subsets:
        - name: v1
          labels:
            version: v1
        - name: v2
          labels:
            version: v2
      """;

  private PolicyTexts() {}

  /** A canary of a service. */
  static String split(String name, int v1, int v2) {
    return """
    apiVersion: networking.istio.io/v1beta1
    kind: VirtualService
    metadata:
      name: %s
    spec:
      hosts:
      - %s
      http:
      - route:
        - destination:
            host: orders
            subset: v1
          weight: %d
        - destination:
            host: orders
            subset: v2
          weight: %d
    """
        .formatted(name, name, v1, v2);
  }

  static String both() {
    return split("orders", 90, 10) + "---\n" + RULE;
  }
}
