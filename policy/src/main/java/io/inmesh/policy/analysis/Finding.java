package io.inmesh.policy.analysis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.inmesh.policy.Kind;
import io.inmesh.policy.MessageCode;
import io.inmesh.policy.MessageLevel;
import io.inmesh.policy.PolicyProblem;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One thing that an operator should know about policy.
 *
 * @param resource null when a text holds no resource that can be named
 * @param path the field, {@code spec.http[0].route[1].weight}, or "" when it is of the whole
 * @param reference {@code file:line}, or "" when the resource is a control server's
 * @param message what is so, and what comes of it; begins with a capital letter
 * @param remedy what to do; "" = the message says so
 */
public record Finding(
    MessageCode code,
    @Nullable ResourceRef resource,
    String path,
    String reference,
    String message,
    String remedy) {

  /** The worst first, then as istioctl does: by code, by resource. */
  public static final Comparator<Finding> IN_ORDER =
      Comparator.comparing(Finding::level)
          .thenComparing(finding -> finding.code().id())
          .thenComparing(Finding::origin)
          .thenComparing(Finding::path, Finding::comparePaths)
          .thenComparing(Finding::message);

  private static final String ISTIO_PAGES =
      "https://istio.io/latest/docs/reference/config/analysis/";

  public Finding {
    message =
        message.isEmpty() ? "" : Character.toUpperCase(message.charAt(0)) + message.substring(1);
  }

  /** How much it weighs. */
  public MessageLevel level() {
    return code.level();
  }

  /** {@code VirtualService shop/orders}; "" when no resource can be named. */
  public String origin() {
    return resource == null ? "" : resource.toString();
  }

  /** The same, of a resource that stands in a file. */
  public Finding at(String place) {
    return new Finding(code, resource, path, place, message, remedy);
  }

  /** Message and remedy as one sentence. */
  public String text() {
    return remedy.isEmpty() ? message : message + "; " + remedy;
  }

  /** As istioctl's line: {@code Error [IST0101] (VirtualService shop/orders f.yaml:12) ...}. */
  @Override
  public String toString() {
    return level() + " " + afterLevel();
  }

  /** The line without its first word, which readers may see in a colour. */
  public String afterLevel() {
    String origin = (origin() + " " + reference).strip();
    return "["
        + code.id()
        + "]"
        + (origin.isEmpty() ? "" : " (" + origin + ")")
        + (path.isEmpty() ? "" : " " + path + ":")
        + " "
        + text();
  }

  /** As the warning that a resource's author gets when it is applied. */
  public PolicyProblem warning() {
    return new PolicyProblem(
        code,
        PolicyProblem.Severity.WARNING,
        "",
        0,
        0,
        resource == null ? "" : resource.kind() + "/" + resource.name(),
        path,
        text());
  }

  /** With istioctl's names for what istioctl has too. Absent parts are left out. */
  public ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("code", code.id()).put("name", code.title()).put("level", level().title());
    if (resource != null) {
      json.put("origin", origin());
      json.putObject("resource")
          .put("kind", resource.kind().kind())
          .put("namespace", resource.namespace())
          .put("name", resource.name());
    }
    putIfAny(json, "reference", reference);
    putIfAny(json, "path", path);
    json.put("message", message);
    putIfAny(json, "remedy", remedy);
    if (code.isIstios()) {
      json.put("documentationUrl", ISTIO_PAGES + code.id().toLowerCase(Locale.ROOT) + "/");
    }
    return json;
  }

  private static void putIfAny(ObjectNode json, String name, String value) {
    if (!value.isEmpty()) {
      json.put(name, value);
    }
  }

  /** Reads what {@link #json} wrote; empty when it is of a code or kind that is not known here. */
  public static Optional<Finding> of(JsonNode json) {
    Optional<MessageCode> code = MessageCode.of(json.path("code").asText());
    JsonNode named = json.path("resource");
    Optional<Kind> kind = Kind.of(named.path("kind").asText());
    if (code.isEmpty() || (named.isObject() && kind.isEmpty())) {
      return Optional.empty();
    }
    return Optional.of(
        new Finding(
            code.get(),
            kind.map(
                    found ->
                        new ResourceRef(
                            found, named.path("namespace").asText(), named.path("name").asText()))
                .orElse(null),
            json.path("path").asText(),
            json.path("reference").asText(),
            json.path("message").asText(),
            json.path("remedy").asText()));
  }

  /** {@code http[2]} before {@code http[10]}. */
  private static int comparePaths(String a, String b) {
    int i = 0;
    while (i < a.length() && i < b.length() && a.charAt(i) == b.charAt(i)) {
      i++;
    }
    int lengths = Integer.compare(digits(a, i), digits(b, i));
    return lengths == 0 ? a.compareTo(b) : lengths;
  }

  private static int digits(String text, int from) {
    int end = from;
    while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
      end++;
    }
    return end - from;
  }
}
