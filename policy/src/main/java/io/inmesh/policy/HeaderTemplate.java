package io.inmesh.policy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Values of headers with Envoy's command operators: {@code %NAME%}, {@code %NAME(argument)%} and
 * {@code %%}. Istio knows no limits of lengths ({@code %REQ(x):3%}) there, and Envoy refuses a
 * whole configuration for a command that it does not know.
 *
 * @see <a
 *     href="https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage#command-operators">Envoy's
 *     command operators</a>
 */
final class HeaderTemplate {

  /** Envoy's. */
  private static final int MAX_BYTES = 16_384;

  /** Those with a header's name in parentheses. */
  private static final List<String> HEADER_COMMANDS = List.of("REQ", "RESP");

  /** Those that a client's process can answer, as the engine. */
  private static final List<String> COMMANDS =
      List.of(
          "PROTOCOL",
          "ROUTE_NAME",
          "UPSTREAM_CLUSTER",
          "UPSTREAM_CLUSTER_RAW",
          "UPSTREAM_HOST",
          "UPSTREAM_REMOTE_ADDRESS",
          "UPSTREAM_REMOTE_ADDRESS_WITHOUT_PORT",
          "UPSTREAM_REMOTE_PORT",
          "UPSTREAM_REQUEST_ATTEMPT_COUNT",
          "DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT",
          "DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT",
          "RESPONSE_CODE",
          "RESPONSE_CODE_DETAILS",
          "RESPONSE_FLAGS");

  /** What is wrong, or nothing. */
  static Optional<String> problem(String template) {
    if (NameRules.hasControl(template)) {
      return Optional.of("a header's value has no line breaks and control characters; remove them");
    }
    if (template.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
      return Optional.of("a header's value may have " + MAX_BYTES + " bytes; write less");
    }
    for (int i = template.indexOf('%'); i >= 0; i = template.indexOf('%', i)) {
      if (template.startsWith("%%", i)) {
        i += 2;
        continue;
      }
      int end = end(template, i + 1);
      if (end < 0) {
        return Optional.of(
            "the \"%\" at character "
                + (i + 1)
                + " begins a command that does not end; write \"%%\" for a percent sign");
      }
      Optional<String> problem = commandProblem(template.substring(i + 1, end));
      if (problem.isPresent()) {
        return problem;
      }
      i = end + 1;
    }
    return Optional.empty();
  }

  /** Where the {@code %} is that ends a command, behind parentheses if there are any. */
  private static int end(String template, int from) {
    int percent = template.indexOf('%', from);
    int open = percent < 0 ? -1 : template.substring(from, percent).indexOf('(');
    if (open < 0) {
      return percent;
    }
    int close = template.indexOf(')', from + open);
    return close < 0 ? -1 : template.indexOf('%', close);
  }

  private static Optional<String> commandProblem(String command) {
    int open = command.indexOf('(');
    String name = open < 0 ? command : command.substring(0, open);
    if (open >= 0 && !command.endsWith(")")) {
      return Optional.of(
          "the command "
              + Quoting.quote("%" + command + "%")
              + " has text behind its parentheses; Istio allows none, limits of lengths included");
    }
    boolean known = open < 0 ? COMMANDS.contains(name) : HEADER_COMMANDS.contains(name);
    if (!known) {
      return Optional.of(
          "unknown command "
              + Quoting.quote("%" + command + "%")
              + " (supported: %REQ(header)%, %RESP(header)%, "
              + Quoting.list(COMMANDS.stream().map(one -> "%" + one + "%").toList())
              + "); write \"%%\" for a percent sign");
    }
    if (open >= 0 && !command.substring(open + 1, command.length() - 1).matches("[^()%]+")) {
      return Optional.of(
          Quoting.quote("%" + command + "%")
              + " names no header; write \"%"
              + name
              + "(x-user)%\"");
    }
    return Optional.empty();
  }

  private HeaderTemplate() {}
}
