package io.inmesh.policy;

import io.inmesh.policy.Redirect.PortSelection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads a rule's {@link Redirect}. */
final class RedirectParser {

  private static final int DEFAULT_CODE = 301;

  /** Those that Envoy sends; it refuses a configuration with another. */
  private static final Set<Integer> CODES = Set.of(301, 302, 303, 307, 308);

  private static final List<String> SCHEMES = List.of("http", "https");
  private static final List<String> PORT_SELECTIONS =
      List.of(PortSelection.FROM_PROTOCOL_DEFAULT.name(), PortSelection.FROM_REQUEST_PORT.name());

  static Redirect parse(Fields fields) {
    String uri = fields.line("uri");
    String authority = fields.line("authority");
    Optional<Value> schemeValue = fields.get("scheme").filter(value -> !value.isEmptyText());
    Optional<String> scheme = schemeValue.flatMap(value -> value.oneOf(SCHEMES, SCHEMES));
    if (uri == null
        && authority == null
        && schemeValue.isEmpty()
        && !fields.hasAny("port", "derivePort")) {
      fields.error(
          "a redirect needs one of uri, authority, scheme and port; write \"uri: /elsewhere\"");
    }
    fields.excludes("port", "derivePort");
    Redirect redirect =
        new Redirect(
            uri,
            authority,
            scheme.orElse(null),
            fields.number("port", 65535),
            fields
                .get("derivePort")
                .flatMap(value -> value.oneOf(PORT_SELECTIONS, PORT_SELECTIONS))
                .map(PortSelection::valueOf)
                .orElse(PortSelection.FROM_PROTOCOL_DEFAULT),
            fields.get("redirectCode").map(RedirectParser::code).orElse(DEFAULT_CODE));
    fields.end();
    return redirect;
  }

  private static int code(Value value) {
    int code = value.integer(0, 599).orElse(0);
    if (code == 0) {
      return DEFAULT_CODE;
    }
    if (!CODES.contains(code)) {
      value.error("must be 301, 302, 303, 307 or 308, found " + code);
    }
    return code;
  }

  private RedirectParser() {}
}
