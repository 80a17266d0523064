package io.inmesh.control.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.inmesh.control.store.Store;
import io.inmesh.control.store.StoreException;
import io.inmesh.policy.PolicyProblem;
import io.inmesh.policy.PolicyResource;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * What the requests on policy mean: the conventions of Kubernetes over the store. Methods block
 * until a write is durable and throw {@link ApiException}. Any thread.
 */
final class PolicyStore {
  private static final String ANY = "";

  private final Store store;
  private final Admission admission;
  private final InstantSource clock;

  PolicyStore(Store store, Admission admission, InstantSource clock) {
    this.store = store;
    this.admission = admission;
    this.clock = clock;
  }

  /**
   * How a write ended.
   *
   * @param created whether the object is new
   * @param object as stored, with its resource version
   */
  record Outcome(boolean created, ObjectNode object, List<PolicyProblem> warnings) {
    Outcome {
      warnings = List.copyOf(warnings);
    }
  }

  ObjectNode get(ResourcePath path, ResourceName name) {
    return store
        .get(name.key())
        .map(entry -> served(entry, path))
        .orElseThrow(() -> ApiException.notFound(name));
  }

  ObjectNode list(ResourcePath path) {
    Store.Listing listing = store.list(path.prefix());
    ObjectNode list = Json.object();
    list.put("kind", path.kind().kind() + "List").put("apiVersion", path.apiVersion());
    list.putObject("metadata").put("resourceVersion", Long.toString(listing.revision()));
    ArrayNode items = list.putArray("items");
    listing.entries().forEach(entry -> items.add(served(entry, path)));
    return list;
  }

  Outcome create(ResourcePath path, ResourceName name, Submission submission, boolean dryRun) {
    if (submission.resource().metadata().resourceVersion() != null) {
      throw ApiException.badRequest(
          "metadata.resourceVersion must not be set on an object to be created");
    }
    if (store.get(name.key()).isPresent()) {
      throw ApiException.alreadyExists(name);
    }
    List<PolicyProblem> warnings = admit(name, submission);
    ObjectNode object = fresh(submission.resource(), name);
    if (dryRun) {
      return new Outcome(true, object.deepCopy().put("apiVersion", path.apiVersion()), warnings);
    }
    if (await(store.put(name.key(), Json.bytes(object), Store.ABSENT))
        instanceof Store.WriteResult.Written written) {
      return new Outcome(true, served(written.entry(), path), warnings);
    }
    throw ApiException.alreadyExists(name);
  }

  Outcome replace(ResourcePath path, ResourceName name, Submission submission, boolean dryRun) {
    return write(path, name, submission, dryRun, false);
  }

  Outcome apply(ResourcePath path, ResourceName name, Submission submission, boolean dryRun) {
    return write(path, name, submission, dryRun, true);
  }

  private Outcome write(
      ResourcePath path,
      ResourceName name,
      Submission submission,
      boolean dryRun,
      boolean createIfMissing) {
    String seen = submission.resource().metadata().resourceVersion();
    @Nullable List<PolicyProblem> warnings = null;
    while (true) {
      Optional<Store.Entry> current = store.get(name.key());
      if (current.isEmpty() && !createIfMissing) {
        throw ApiException.notFound(name);
      }
      checkVersion(name, seen == null ? ANY : seen, current);
      if (warnings == null) {
        warnings = admit(name, submission);
      }
      ObjectNode object =
          current
              .map(entry -> merged(Json.stored(entry.value()), submission.resource(), name))
              .orElseGet(() -> fresh(submission.resource(), name));
      if (current.isPresent() && object.equals(Json.stored(current.get().value()))) {
        return new Outcome(false, served(current.get(), path), warnings); // nothing to change
      }
      if (dryRun) {
        current.ifPresent(entry -> stamp(object, entry.modRevision()));
        object.put("apiVersion", path.apiVersion());
        return new Outcome(current.isEmpty(), object, warnings);
      }
      long expected = current.map(Store.Entry::modRevision).orElse(Store.ABSENT);
      if (await(store.put(name.key(), Json.bytes(object), expected))
          instanceof Store.WriteResult.Written written) {
        return new Outcome(current.isEmpty(), served(written.entry(), path), warnings);
      }
      // Somebody was faster: look again; a writer who named a version is told so there.
    }
  }

  /**
   * Deletes an object.
   *
   * @param seen the resource version that it must have, or ""
   * @return the object as it was, and what others will miss
   */
  Outcome delete(ResourcePath path, ResourceName name, String seen, boolean dryRun) {
    while (true) {
      Optional<Store.Entry> current = store.get(name.key());
      if (current.isEmpty()) {
        throw ApiException.notFound(name);
      }
      checkVersion(name, seen, current);
      List<PolicyProblem> warnings =
          admission.reviewDelete(name.kind(), name.namespace(), name.name());
      if (dryRun) {
        return new Outcome(false, served(current.get(), path), warnings);
      }
      if (await(store.delete(name.key(), current.get().modRevision()))
          instanceof Store.WriteResult.Written written) {
        return new Outcome(false, served(written.entry(), path), warnings);
      }
    }
  }

  private static void checkVersion(ResourceName name, String seen, Optional<Store.Entry> current) {
    if (seen.equals(ANY)) {
      return;
    }
    String now = current.map(entry -> Long.toString(entry.modRevision())).orElse("none (deleted)");
    if (!seen.equals(now)) {
      throw ApiException.conflict(name, seen, now);
    }
  }

  private List<PolicyProblem> admit(ResourceName name, Submission submission) {
    List<PolicyProblem> review =
        admission.review(submission.resource().inNamespace(name.namespace()));
    List<PolicyProblem> errors = review.stream().filter(PolicyProblem::isError).toList();
    if (!errors.isEmpty()) {
      throw ApiException.invalid(name, errors);
    }
    java.util.ArrayList<PolicyProblem> warnings = new java.util.ArrayList<>(submission.warnings());
    warnings.addAll(review);
    return warnings;
  }

  private ObjectNode fresh(PolicyResource resource, ResourceName name) {
    ObjectNode object = skeleton(resource, name);
    metadata(object)
        .put("uid", UUID.randomUUID().toString())
        .put("generation", 1)
        .put("creationTimestamp", clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
    return object;
  }

  private static ObjectNode merged(ObjectNode old, PolicyResource resource, ResourceName name) {
    ObjectNode object = skeleton(resource, name);
    ObjectNode was = metadata(old);
    boolean sameSpec = object.path("spec").equals(old.path("spec"));
    metadata(object)
        .put("uid", was.path("uid").asText())
        .put("generation", was.path("generation").asLong() + (sameSpec ? 0 : 1))
        .put("creationTimestamp", was.path("creationTimestamp").asText());
    // A round through bytes, so that numbers compare as the stored ones do.
    return Json.stored(Json.bytes(object));
  }

  private static ObjectNode skeleton(PolicyResource resource, ResourceName name) {
    ObjectNode object = Json.object();
    object.put("apiVersion", name.kind().group() + "/" + name.kind().versions().get(0));
    object.put("kind", name.kind().kind());
    ObjectNode metadata = object.putObject("metadata");
    metadata.put("name", name.name()).put("namespace", name.namespace());
    ObjectNode document = resource.json();
    for (String map : List.of("labels", "annotations")) {
      JsonNode value = document.path("metadata").path(map);
      if (value.isObject() && !value.isEmpty()) {
        metadata.set(map, value);
      }
    }
    object.set("spec", document.path("spec").isObject() ? document.get("spec") : Json.object());
    return object;
  }

  /** An entry as clients see it under a path's version. */
  static ObjectNode served(Store.Entry entry, ResourcePath path) {
    ObjectNode object = Json.stored(entry.value());
    object.put("apiVersion", path.apiVersion());
    stamp(object, entry.modRevision());
    return object;
  }

  private static void stamp(ObjectNode object, long revision) {
    metadata(object).put("resourceVersion", Long.toString(revision));
  }

  private static ObjectNode metadata(ObjectNode object) {
    return object.withObject("/metadata");
  }

  static Store.WriteResult await(CompletableFuture<Store.WriteResult> write) {
    try {
      return write.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof StoreException cause) {
        throw new ApiException(503, "ServiceUnavailable", String.valueOf(cause.getMessage()));
      }
      throw e;
    }
  }
}
