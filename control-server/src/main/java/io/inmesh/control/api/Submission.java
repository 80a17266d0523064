package io.inmesh.control.api;

import io.inmesh.policy.ParsedPolicies;
import io.inmesh.policy.PolicyParser;
import io.inmesh.policy.PolicyProblem;
import io.inmesh.policy.PolicyResource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The resource in a request's body, checked against the request's path. */
record Submission(PolicyResource resource, List<PolicyProblem> warnings) {
  Submission {
    warnings = List.copyOf(warnings);
  }

  /** Reads a body that must hold one sound resource of the path's kind, namespace and name. */
  static Submission read(byte[] body, ResourcePath path) {
    if (body.length == 0) {
      throw ApiException.badRequest(
          "the body is empty; send one " + path.kind() + " as JSON or YAML");
    }
    ParsedPolicies parsed = PolicyParser.parse("", body);
    List<PolicyProblem> errors = parsed.errors();
    if (!errors.isEmpty()) {
      String name = named(errors, path);
      throw name == null
          ? ApiException.unreadable(errors)
          : ApiException.invalid(
              new ResourceName(path.kind(), String.valueOf(path.namespace()), name), errors);
    }
    if (parsed.resources().size() != 1) {
      throw ApiException.badRequest(
          "the body holds "
              + (parsed.resources().isEmpty()
                  ? "no resource"
                  : parsed.resources().size() + " resources")
              + "; send one "
              + path.kind()
              + " in a request");
    }
    PolicyResource resource = parsed.resources().get(0);
    check(resource, path);
    return new Submission(resource, parsed.warnings());
  }

  /** The resource's name when every error is of one resource of the path's kind. */
  private static @Nullable String named(List<PolicyProblem> errors, ResourcePath path) {
    String resource = errors.get(0).resource();
    boolean one = errors.stream().allMatch(error -> error.resource().equals(resource));
    String prefix = path.kind().kind() + "/";
    return one && resource.startsWith(prefix) ? resource.substring(prefix.length()) : null;
  }

  private static void check(PolicyResource resource, ResourcePath path) {
    if (resource.kind() != path.kind()) {
      throw ApiException.badRequest(
          "the body is a "
              + resource.kind()
              + ", the path is of "
              + path.kind()
              + "s; use /apis/"
              + resource.kind().group()
              + "/"
              + path.version()
              + "/namespaces/"
              + path.namespace()
              + "/"
              + resource.kind().plural());
    }
    String namespace = resource.metadata().namespace();
    if (namespace != null && !namespace.equals(path.namespace())) {
      throw ApiException.badRequest(
          "metadata.namespace: the body says \""
              + namespace
              + "\", the path says \""
              + path.namespace()
              + "\"; they must agree");
    }
    if (path.name() != null && !resource.metadata().name().equals(path.name())) {
      throw ApiException.badRequest(
          "metadata.name: the body says \""
              + resource.metadata().name()
              + "\", the path says \""
              + path.name()
              + "\"; they must agree");
    }
  }
}
