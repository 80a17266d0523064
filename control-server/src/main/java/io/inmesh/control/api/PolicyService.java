package io.inmesh.control.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.QueryParams;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.inmesh.control.store.Store;
import io.inmesh.policy.PolicyProblem;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Policy over HTTP: paths, methods, media types and parameters; {@link PolicyStore} says what they
 * mean. Writes block on the disk and run on Armeria's blocking executor.
 */
public final class PolicyService implements HttpService {
  /** What the keys of all policy in the store begin with. */
  public static final String KEY_PREFIX = ResourceName.ROOT;

  private static final String APPLY = "apply-patch+yaml";
  private static final Set<String> BODY_TYPES =
      Set.of("json", "yaml", "x-yaml", "vnd.yaml", "apply-patch+json", APPLY);

  private final PolicyStore policies;
  private final PolicyWatch watch;

  public PolicyService(Store store, Admission admission, InstantSource clock) {
    this.policies = new PolicyStore(store, admission, clock);
    this.watch = new PolicyWatch(store);
  }

  @Override
  public HttpResponse serve(ServiceRequestContext ctx, HttpRequest request) {
    ResourcePath path =
        ResourcePath.parse(ctx.decodedPath())
            .orElseThrow(() -> ApiException.unknownPath(ctx.decodedPath()));
    QueryParams query = ctx.queryParams();
    refuseSelectors(query);
    return switch (request.method()) {
      case GET, HEAD -> read(ctx, path, query);
      case POST, PUT, PATCH, DELETE -> {
        checkMethod(ctx, path);
        yield HttpResponse.of(
            request
                .aggregate()
                .thenApplyAsync(body -> write(path, query, body), ctx.blockingTaskExecutor()));
      }
      default -> throw notAllowed(ctx, path);
    };
  }

  private HttpResponse read(ServiceRequestContext ctx, ResourcePath path, QueryParams query) {
    if (path.name() != null) {
      return Json.response(200, policies.get(path, name(path, path.name())));
    }
    if (flag(query, "watch")) {
      return watch.open(ctx, path, query);
    }
    return Json.response(200, policies.list(path));
  }

  private HttpResponse write(ResourcePath path, QueryParams query, AggregatedHttpRequest request) {
    boolean dryRun = dryRun(query);
    if (request.method() == HttpMethod.DELETE) {
      return delete(path, request, dryRun);
    }
    checkMediaType(request);
    Submission submission = Submission.read(request.content().array(), path);
    ResourceName name = name(path, submission.resource().metadata().name());
    PolicyStore.Outcome outcome =
        switch (request.method()) {
          case POST -> policies.create(path, name, submission, dryRun);
          case PUT -> policies.replace(path, name, submission, dryRun);
          default -> policies.apply(path, name, submission, dryRun);
        };
    return response(
        outcome.created() ? 201 : 200,
        outcome.object(),
        outcome.warnings().stream().map(problem -> warning(problem, name)));
  }

  private HttpResponse delete(ResourcePath path, AggregatedHttpRequest request, boolean dryRun) {
    ResourceName name = name(path, String.valueOf(path.name()));
    JsonNode options = deleteOptions(request);
    String seen = options.path("preconditions").path("resourceVersion").asText("");
    boolean dry = dryRun || options.path("dryRun").toString().contains("\"All\"");
    PolicyStore.Outcome outcome = policies.delete(path, name, seen, dry);
    ObjectNode status = Json.object();
    status.put("kind", "Status").put("apiVersion", "v1").put("status", "Success");
    status.putObject("metadata");
    status
        .putObject("details")
        .put("name", name.name())
        .put("group", name.kind().group())
        .put("kind", name.kind().plural())
        .put("uid", outcome.object().path("metadata").path("uid").asText());
    return response(
        200, status, outcome.warnings().stream().map(problem -> warning(problem, name)));
  }

  private static HttpResponse response(int code, JsonNode body, Stream<String> warnings) {
    return HttpResponse.of(
        ResponseHeaders.builder(code)
            .contentType(MediaType.JSON_UTF_8)
            .add(HttpHeaderNames.WARNING, warnings.distinct().toList())
            .build(),
        HttpData.wrap(Json.bytes(body)));
  }

  private static JsonNode deleteOptions(AggregatedHttpRequest request) {
    if (request.content().isEmpty()) {
      return Json.object();
    }
    try {
      JsonNode options = Json.MAPPER.readTree(request.content().array());
      return options == null ? Json.object() : options;
    } catch (IOException e) {
      throw ApiException.badRequest(
          "the body is no DeleteOptions in JSON; send none, or valid JSON");
    }
  }

  private static void checkMethod(ServiceRequestContext ctx, ResourcePath path) {
    boolean collection = path.name() == null;
    boolean allowed =
        collection
            ? path.namespace() != null && ctx.method() == HttpMethod.POST
            : ctx.method() != HttpMethod.POST;
    if (!allowed) {
      throw notAllowed(ctx, path);
    }
  }

  private static ApiException notAllowed(ServiceRequestContext ctx, ResourcePath path) {
    String allowed =
        path.name() != null
            ? "GET, PUT, PATCH, DELETE"
            : path.namespace() != null ? "GET, POST" : "GET (name a namespace to write)";
    return ApiException.methodNotAllowed(ctx.method().name(), ctx.decodedPath(), allowed);
  }

  private static void checkMediaType(AggregatedHttpRequest request) {
    MediaType type = request.contentType();
    boolean patch = request.method() == HttpMethod.PATCH;
    if (type == null) {
      if (patch) {
        throw ApiException.unsupportedMediaType(
            "PATCH needs Content-Type: application/apply-patch+yaml (server-side apply)");
      }
      return;
    }
    String subtype = type.subtype();
    boolean apply = subtype.startsWith("apply-patch+");
    boolean known =
        BODY_TYPES.contains(subtype)
            && (type.type().equals("application") || type.type().equals("text"));
    if (!known || apply != patch) {
      throw ApiException.unsupportedMediaType(
          "Content-Type "
              + type
              + " is not supported for "
              + request.method()
              + "; use "
              + (patch
                  ? "application/apply-patch+yaml (server-side apply)"
                  : "application/json or application/yaml"));
    }
  }

  private static void refuseSelectors(QueryParams query) {
    for (String selector : List.of("labelSelector", "fieldSelector")) {
      if (!query.get(selector, "").isEmpty()) {
        throw ApiException.badRequest(selector + " is not supported; filter the list yourself");
      }
    }
  }

  private static boolean dryRun(QueryParams query) {
    String value = query.get("dryRun", "");
    if (!value.isEmpty() && !value.equals("All")) {
      throw ApiException.badRequest("dryRun: \"" + value + "\" is not allowed; the value is All");
    }
    return !value.isEmpty();
  }

  static boolean flag(QueryParams query, String name) {
    String value = query.get(name, "false");
    return value.equals("true") || value.equals("1") || value.isEmpty();
  }

  private static ResourceName name(ResourcePath path, String name) {
    return new ResourceName(path.kind(), String.valueOf(path.namespace()), name);
  }

  /** As Kubernetes: RFC 7234's warn-code 299, no agent, a quoted text. */
  private static String warning(PolicyProblem problem, ResourceName subject) {
    String resource = subject.kind().kind() + "/" + subject.name();
    String text =
        (problem.resource().isEmpty() || problem.resource().equals(resource)
                ? ""
                : problem.resource() + ": ")
            + (problem.path().isEmpty() ? "" : problem.path() + ": ")
            + problem.message().replaceAll("[\\x00-\\x1f\\x7f]", " ");
    StringBuilder quoted = new StringBuilder("299 - \"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\');
      }
      quoted.append(c > 0x7e ? '?' : c); // header values are ASCII
    }
    return quoted.append('"').toString();
  }
}
