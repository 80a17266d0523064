package io.inmesh.control.compile;

import io.inmesh.shaded.protobuf.Any;
import io.inmesh.shaded.protobuf.MessageLite;
import io.inmesh.xds.ResourceCache;
import io.inmesh.xds.ResourceType;
import io.inmesh.xds.Verdict;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Hands compiled resources to an agent's cache, as the stream between them would. */
public final class Offers {
  /** Everything of a type that the cache wants; fails when the agent rejects it. */
  public static void offer(
      ResourceCache agent,
      ResourceType type,
      Function<String, Optional<? extends MessageLite>> compiler) {
    offerAny(
        agent,
        type,
        name ->
            compiler
                .apply(name)
                .map(
                    message ->
                        Any.newBuilder()
                            .setTypeUrl(type.typeUrl())
                            .setValue(message.toByteString())
                            .build()));
  }

  /** The same, as it is on the wire. */
  public static void offerAny(
      ResourceCache agent, ResourceType type, Function<String, Optional<Any>> source) {
    List<Any> resources = new ArrayList<>();
    Set<String> missing = new HashSet<>();
    for (String name : agent.wanted(type)) {
      source.apply(name).ifPresentOrElse(resources::add, () -> missing.add(name));
    }
    if (agent.accept(type, resources, missing) instanceof Verdict.Rejected rejected) {
      throw new IllegalStateException("the agent rejects " + type + ": " + rejected.reason());
    }
  }

  private Offers() {}
}
