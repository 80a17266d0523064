package io.inmesh.cli.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.inmesh.policy.Kind;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A control server. Every method may throw {@link UnreachableException} when it does not answer and
 * {@link RefusedException} when it refuses. Used by one thread.
 */
public interface ControlServer {

  /** Where it is. */
  URI address();

  /**
   * The list object ({@code VirtualServiceList}) with its {@code items}.
   *
   * @param namespace "" for all
   */
  ObjectNode list(Kind kind, String namespace);

  /** The resource, or empty when there is none. */
  Optional<ObjectNode> find(ResourceId id);

  /** Stores a resource, whatever was there before, or only says what would come of it. */
  Written apply(ResourceId id, ObjectNode document, boolean dryRun);

  /** Deletes a resource, if it is there, or only says what would come of it. */
  Deleted delete(ResourceId id, boolean dryRun);

  /**
   * Tells each change after a version, until the connection ends.
   *
   * @param namespace "" for all
   * @param resourceVersion of a list
   */
  void watch(Kind kind, String namespace, String resourceVersion, Consumer<WatchEvent> events);

  /** Every agent that is known. */
  List<JsonNode> agents();

  /** The agent of a name. */
  Optional<JsonNode> agent(String name);

  /** Turns an agent's hooks off (inert) or on again. */
  void setInert(String agent, boolean inert);

  /**
   * What the server finds about its policy, and about documents as if they were applied.
   *
   * @param documents with their namespaces
   */
  List<JsonNode> analyze(List<ObjectNode> documents);

  /** Every service that is known, with its endpoints. */
  List<JsonNode> services();

  /**
   * What would become of a call, and why.
   *
   * @param question {@code method}, {@code url}, {@code headers}, {@code from}, {@code namespace},
   *     {@code agent}
   */
  JsonNode explain(ObjectNode question);

  /** What the server says of its version. */
  JsonNode version();
}
