package io.inmesh.control.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.inmesh.policy.PolicyProblem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request that is refused, or that fails, with the {@code Status} that says so.
 *
 * @see <a
 *     href="https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/">Status</a>
 */
final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** How many problems a message spells out; the causes have them all. */
  private static final int PROBLEMS_IN_MESSAGE = 10;

  private final int code;
  private final String reason;
  private final transient @Nullable ObjectNode details;

  ApiException(int code, String reason, String message) {
    this(code, reason, message, null);
  }

  private ApiException(int code, String reason, String message, @Nullable ObjectNode details) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.details = details;
  }

  static ApiException badRequest(String message) {
    return new ApiException(400, "BadRequest", message);
  }

  static ApiException forbidden(String message) {
    return new ApiException(403, "Forbidden", message);
  }

  static ApiException unknownPath(String path) {
    return new ApiException(
        404, "NotFound", "nothing is served at " + path + "; GET /openapi.json lists what is");
  }

  static ApiException notFound(ResourceName resource) {
    return new ApiException(
        404,
        "NotFound",
        resource.pluralDotGroup() + " \"" + resource.name() + "\" not found",
        details(resource));
  }

  static ApiException methodNotAllowed(String method, String path, String allowed) {
    return new ApiException(
        405, "MethodNotAllowed", method + " is not allowed on " + path + "; allowed: " + allowed);
  }

  static ApiException alreadyExists(ResourceName resource) {
    return new ApiException(
        409,
        "AlreadyExists",
        resource.pluralDotGroup() + " \"" + resource.name() + "\" already exists",
        details(resource));
  }

  static ApiException conflict(ResourceName resource, String asked, String current) {
    return new ApiException(
        409,
        "Conflict",
        "Operation cannot be fulfilled on "
            + resource.pluralDotGroup()
            + " \""
            + resource.name()
            + "\": resourceVersion "
            + asked
            + " is stale, the object is at "
            + current
            + "; get the latest version, make your change to it and try again",
        details(resource));
  }

  static ApiException gone(String message) {
    return new ApiException(410, "Expired", message);
  }

  static ApiException unsupportedMediaType(String message) {
    return new ApiException(415, "UnsupportedMediaType", message);
  }

  /** The resource cannot be what it says. */
  static ApiException invalid(ResourceName resource, List<PolicyProblem> errors) {
    ObjectNode details = details(resource);
    ArrayNode causes = details.putArray("causes");
    for (PolicyProblem error : errors) {
      addCause(causes, "FieldValueInvalid", describe(error, false), error.path());
    }
    return new ApiException(
        422,
        "Invalid",
        resource.kindDotGroup() + " \"" + resource.name() + "\" is invalid: " + summary(errors),
        details);
  }

  /** The body cannot be read as a resource at all. */
  static ApiException unreadable(List<PolicyProblem> errors) {
    ObjectNode details = Json.object();
    ArrayNode causes = details.putArray("causes");
    for (PolicyProblem error : errors) {
      addCause(causes, "FieldValueInvalid", describe(error, false), error.path());
    }
    return new ApiException(400, "BadRequest", summary(errors), details);
  }

  private static void addCause(ArrayNode causes, String reason, String message, String field) {
    ObjectNode cause = causes.addObject().put("reason", reason).put("message", message);
    if (!field.isEmpty()) {
      cause.put("field", field);
    }
  }

  private static String summary(List<PolicyProblem> errors) {
    if (errors.size() == 1) {
      return describe(errors.get(0), true);
    }
    StringBuilder text = new StringBuilder("[");
    for (int i = 0; i < Math.min(errors.size(), PROBLEMS_IN_MESSAGE); i++) {
      text.append(i == 0 ? "" : ", ").append(describe(errors.get(i), true));
    }
    int more = errors.size() - PROBLEMS_IN_MESSAGE;
    return text.append(more > 0 ? ", and " + more + " more]" : "]").toString();
  }

  private static String describe(PolicyProblem problem, boolean withPath) {
    String line = problem.line() > 0 ? "line " + problem.line() + ": " : "";
    String path = withPath && !problem.path().isEmpty() ? problem.path() + ": " : "";
    return line + path + problem.message();
  }

  private static ObjectNode details(ResourceName resource) {
    return Json.object()
        .put("name", resource.name())
        .put("group", resource.kind().group())
        .put("kind", resource.kind().kind());
  }

  int code() {
    return code;
  }

  ObjectNode status() {
    return status(code, reason, String.valueOf(getMessage()), details);
  }

  static ObjectNode status(int code, String reason, String message, @Nullable ObjectNode details) {
    ObjectNode status =
        Json.object()
            .put("kind", "Status")
            .put("apiVersion", "v1")
            .put("status", "Failure")
            .put("message", message)
            .put("reason", reason)
            .put("code", code);
    status.putObject("metadata");
    if (details != null) {
      status.set("details", details);
    }
    return status;
  }
}
