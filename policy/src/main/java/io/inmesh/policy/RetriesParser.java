package io.inmesh.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads a rule's {@link Retries}. */
final class RetriesParser {

  private static final List<String> CONDITIONS =
      List.of(
          "5xx",
          "gateway-error",
          "reset",
          "reset-before-request",
          "connect-failure",
          "refused-stream",
          "retriable-4xx",
          "retriable-status-codes",
          "retriable-headers",
          "envoy-ratelimited",
          "http3-post-connect-failure",
          "cancelled",
          "deadline-exceeded",
          "internal",
          "resource-exhausted",
          "unavailable");

  /** Istio knows the statuses that have a name; beside 400-418, 500-508 and 200-208. */
  private static final Set<Integer> OTHER_STATUSES =
      Set.of(
          100, 101, 102, 103, 226, 300, 301, 302, 303, 304, 305, 307, 308, 421, 422, 423, 424, 425,
          426, 428, 429, 431, 451, 510, 511);

  static Retries parse(Fields fields) {
    int attempts = fields.number("attempts", Integer.MAX_VALUE);
    boolean ignorePreviousHosts =
        fields.get("retryIgnorePreviousHosts").flatMap(Value::bool).orElse(true);
    boolean written =
        fields.hasAny(
            "perTryTimeout",
            "retryOn",
            "backoff",
            "retryIgnorePreviousHosts",
            "retryRemoteLocalities");
    if (attempts == 0 && written) {
      fields.error(
          "attempts is missing or 0, which switches retries off, and yet there are other fields;"
              + " write \"attempts: 2\", or remove them");
    }
    fields
        .get("retryRemoteLocalities")
        .ifPresent(
            value -> {
              if (value.bool().orElse(false)) {
                value.notSupportedYet("a retry stays with the priority; remove it, or write false");
              }
            });
    Retries retries =
        new Retries(
            attempts,
            fields.duration("perTryTimeout"),
            fields.get("retryOn").map(RetriesParser::retryOn).orElse(List.of()),
            fields.duration("backoff"),
            ignorePreviousHosts);
    fields.end();
    return retries;
  }

  private static List<String> retryOn(Value value) {
    String text = value.string().orElse("");
    List<String> conditions = new ArrayList<>();
    if (text.isEmpty()) {
      return conditions;
    }
    for (String condition : text.split(",", -1)) {
      if (!CONDITIONS.contains(condition) && !isStatus(condition)) {
        String hint =
            condition.strip().equals(condition)
                ? NearestName.hint(condition, CONDITIONS)
                : "; remove the space: conditions are separated by a comma only";
        value.error(
            Quoting.quote(condition)
                + " is no condition to retry on"
                + hint
                + " (allowed: "
                + Quoting.list(CONDITIONS)
                + ", and HTTP statuses such as 503)");
        break;
      }
      conditions.add(condition);
    }
    return conditions;
  }

  private static boolean isStatus(String text) {
    if (!text.matches("[1-5][0-9]{2}")) {
      return false;
    }
    int status = Integer.parseInt(text);
    return OTHER_STATUSES.contains(status)
        || (status >= 200 && status <= 208)
        || (status >= 400 && status <= 418)
        || (status >= 500 && status <= 508);
  }

  private RetriesParser() {}
}
