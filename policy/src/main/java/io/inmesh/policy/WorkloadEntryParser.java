package io.inmesh.policy;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Reads and checks a {@link WorkloadEntry}: a resource's spec or an endpoint of a ServiceEntry. */
final class WorkloadEntryParser {

  static Optional<WorkloadEntry> parse(Fields fields) {
    Optional<Value> value =
        fields.required("address", "it is the IP address that the endpoint is reached at");
    Optional<String> address = value.flatMap(Value::string);
    value.ifPresent(found -> address.ifPresent(text -> checkAddress(text, found)));
    Map<String, Integer> ports = new LinkedHashMap<>();
    fields
        .get("ports")
        .map(Value::entries)
        .orElse(Map.of())
        .forEach(
            (name, port) -> {
              NameRules.shortName("port name", name).ifPresent(port::error);
              port.integer(1, 65535).ifPresent(number -> ports.put(name, number));
            });
    Map<String, String> labels =
        fields.get("labels").map(v -> v.stringMap(NameRules::checkLabel)).orElse(Map.of());
    int weight =
        fields.get("weight").map(found -> found.integer(0, Integer.MAX_VALUE).orElse(1)).orElse(1);
    String locality = fields.text("locality");
    fields.notSupportedYet("remove it", "network", "serviceAccount");
    fields.end();
    // Envoy takes a weight of 0 for 1.
    int share = Math.max(1, weight);
    return address.map(
        text -> new WorkloadEntry(text, ports, labels, share, locality == null ? "" : locality));
  }

  private static void checkAddress(String address, Value value) {
    if (address.startsWith("unix://")) {
      value.notSupportedYet("unix sockets cannot be called; write an IP address");
    } else if (address.isEmpty()) {
      value.error("the address is empty; write an IP address, as \"127.0.0.1\"");
    } else if (!NameRules.isIpAddress(address)) {
      if (address.matches("[0-9.]+") || address.indexOf('*') >= 0) {
        value.error(Quoting.quote(address) + " is not an IP address");
      } else if (address.matches("\\[?[^/]*]?:[0-9]{1,5}")) {
        value.error(
            Quoting.quote(address) + " has a port; write it as \"ports: {http: 9081}\" instead");
      } else {
        NameRules.host(address).ifPresent(value::error);
      }
    }
  }

  private WorkloadEntryParser() {}
}
