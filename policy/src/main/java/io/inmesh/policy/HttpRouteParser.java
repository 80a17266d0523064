package io.inmesh.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads one rule of a {@link VirtualService}. */
final class HttpRouteParser {

  /**
   * @param ofDelegate whether the rule's VirtualService is one that others delegate to
   */
  static HttpRoute parse(Fields fields, boolean ofDelegate) {
    String name = fields.get("name").flatMap(Value::string).orElse("");
    List<HttpMatch> matches = new ArrayList<>();
    for (Value item : fields.items("match")) {
      item.fields().map(HttpMatchParser::parse).ifPresent(matches::add);
    }
    checkAction(fields, ofDelegate);
    Rewrite rewrite = fields.object("rewrite").map(RewriteParser::parse).orElse(null);
    HeaderOperations headers =
        fields.object("headers").map(HeaderOperationsParser::parse).orElse(null);
    checkAuthority(fields, rewrite, headers);
    HttpRoute route =
        new HttpRoute(
            name,
            matches,
            fields.get("route").map(DestinationParser::route).orElse(List.of()),
            fields.object("redirect").map(RedirectParser::parse).orElse(null),
            fields.object("directResponse").map(DirectResponseParser::parse).orElse(null),
            fields.object("delegate").map(HttpRouteParser::delegate).orElse(null),
            rewrite,
            fields.duration("timeout"),
            fields.object("retries").map(RetriesParser::parse).orElse(null),
            fields.object("fault").map(FaultParser::parse).orElse(null),
            MirrorParser.parse(fields),
            fields.object("corsPolicy").map(CorsPolicyParser::parse).orElse(null),
            headers);
    fields.end();
    return route;
  }

  private static void checkAction(Fields fields, boolean ofDelegate) {
    boolean routed = fields.get("route").filter(value -> !isEmptyList(value)).isPresent();
    if (fields.has("delegate")) {
      fields.excludes("delegate", "route", "redirect");
      if (ofDelegate) {
        fields.notSupported(
            "a VirtualService that others delegate to cannot delegate further", "delegate");
      }
      return;
    }
    fields.excludes("redirect", "fault", "rewrite", "directResponse");
    fields.excludes("directResponse", "fault", "rewrite");
    if (routed) {
      fields.excludes("redirect", "route");
      fields.excludes("directResponse", "route");
    } else if (!fields.hasAny("redirect", "directResponse")) {
      fields.error("the rule has no route; write \"route: [{destination: {host: ...}}]\"");
    }
    if (fields.hasAny("redirect", "directResponse")) {
      for (String idle : List.of("timeout", "retries", "mirror", "mirrors")) {
        if (fields.has(idle)) {
          fields
              .get(idle)
              .ifPresent(value -> value.noEffect("has no effect: the rule sends no call on"));
        }
      }
    }
  }

  private static boolean isEmptyList(Value value) {
    return value.node() instanceof YamlNode.Sequence sequence && sequence.items().isEmpty();
  }

  /** The authority may be changed in one place only. */
  private static void checkAuthority(
      Fields fields, @Nullable Rewrite rewrite, @Nullable HeaderOperations headers) {
    int places = rewrite != null && rewrite.authority() != null ? 1 : 0;
    if (headers != null) {
      places += authorities(headers.request().set()) + authorities(headers.request().add());
    }
    if (places > 1) {
      fields.error(
          "the authority is changed in "
              + places
              + " places (rewrite.authority, and headers.request for host or :authority); keep"
              + " one of them");
    }
  }

  private static int authorities(Map<String, String> headers) {
    return (int)
        headers.keySet().stream()
            .map(name -> name.toLowerCase(Locale.ROOT))
            .filter(name -> name.equals("host") || name.equals(":authority"))
            .count();
  }

  private static Delegate delegate(Fields fields) {
    String name = fields.text("name");
    if (name == null) {
      fields.noEffect(
          "names no VirtualService, and so the rule has no effect; write \"delegate: {name:"
              + " ...}\"");
    }
    String namespace = fields.text("namespace");
    fields.end();
    return new Delegate(name == null ? "" : name, namespace);
  }

  private HttpRouteParser() {}
}
