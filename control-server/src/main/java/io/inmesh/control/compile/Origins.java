package io.inmesh.control.compile;

import io.inmesh.control.registry.StoredPolicy;
import io.inmesh.policy.Kind;
import io.inmesh.shaded.envoy.config.core.v3.Metadata;
import io.inmesh.shaded.protobuf.Struct;
import io.inmesh.shaded.protobuf.Value;

/** Where a route comes from, as its metadata: the resource as istiod has it, and the rule. */
final class Origins {
  /**
   * @param match index in the rule; -1: it has none
   */
  static Metadata of(StoredPolicy owner, PlacedRule placed, int match) {
    Struct.Builder rule = Struct.newBuilder().putFields("rule", text(placed.place()));
    if (match >= 0) {
      rule.putFields("match", Value.newBuilder().setNumberValue(match).build());
    }
    Struct istio = Struct.newBuilder().putFields("config", text(config(owner))).build();
    return Metadata.newBuilder()
        .putFilterMetadata("istio", istio)
        .putFilterMetadata("inmesh", rule.build())
        .build();
  }

  private static String config(StoredPolicy owner) {
    Kind kind = owner.resource().kind();
    return "/apis/"
        + kind.group()
        + "/v1/namespaces/"
        + owner.namespace()
        + "/virtual-service/"
        + owner.name();
  }

  private static Value text(String text) {
    return Value.newBuilder().setStringValue(text).build();
  }

  private Origins() {}
}
