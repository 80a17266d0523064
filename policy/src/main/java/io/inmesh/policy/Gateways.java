package io.inmesh.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Names of gateways, of a {@link VirtualService} or of a match. The only one that this mesh has is
 * {@link VirtualService#MESH}, every workload; what is bound to others only has no effect here, as
 * in a sidecar.
 */
final class Gateways {

  /** The names, {@code mesh}, {@code gateway} or {@code namespace/gateway}; empty = not said. */
  static List<String> parse(Fields fields) {
    List<String> names = new ArrayList<>();
    for (Value item : fields.items("gateways")) {
      Optional<String> name = item.string();
      name.flatMap(Gateways::problem).ifPresent(item::error);
      name.ifPresent(names::add);
    }
    if (!names.isEmpty() && !names.contains(VirtualService.MESH)) {
      fields
          .get("gateways")
          .ifPresent(
              value ->
                  value.warning(
                      MessageCode.INEFFECTIVE_POLICY,
                      "has no effect: there is no gateway in this mesh; add \"mesh\" (every"
                          + " workload), or remove the field"));
    }
    return names;
  }

  private static Optional<String> problem(String name) {
    int slash = name.indexOf('/');
    if (slash < 0) {
      return name.startsWith("*")
          ? Optional.of("a gateway has no wildcard; name one, or \"mesh\"")
          : NameRules.host(name);
    }
    return NameRules.namespace(name.substring(0, slash))
        .or(() -> NameRules.shortName("gateway name", name.substring(slash + 1)));
  }

  private Gateways() {}
}
