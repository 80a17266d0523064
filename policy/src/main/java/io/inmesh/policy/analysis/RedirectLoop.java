package io.inmesh.policy.analysis;

import com.google.re2j.Pattern;
import io.inmesh.policy.HttpMatch;
import io.inmesh.policy.HttpRoute;
import io.inmesh.policy.Redirect;
import io.inmesh.policy.StringMatch;
import io.inmesh.policy.VirtualService;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds redirects to where they come from. Only what is certain: a rule that matches by path alone,
 * and a target on the rule's own host that no earlier rule may take.
 */
final class RedirectLoop {

  /** The path that a rule redirects to and redirects again. */
  static Optional<String> target(Subject subject, VirtualService service, int index) {
    HttpRoute rule = service.http().get(index);
    Redirect redirect = rule.redirect();
    if (redirect == null || !staysOnHost(subject, service, redirect)) {
      return Optional.empty();
    }
    for (String path : targets(rule, redirect)) {
      if (takes(rule, path) && noneMayTake(service, index, path)) {
        return Optional.of(path);
      }
    }
    return Optional.empty();
  }

  private static boolean staysOnHost(Subject subject, VirtualService service, Redirect redirect) {
    String scheme = redirect.scheme();
    if (redirect.port() != 0 || (scheme != null && !scheme.equals("http"))) {
      return false;
    }
    String authority = redirect.authority();
    return authority == null
        || (service.hosts().size() == 1
            && subject.fqdn(authority).equals(subject.fqdn(service.hosts().get(0))));
  }

  /** Without a new path the path stays what was matched. */
  private static List<String> targets(HttpRoute rule, Redirect redirect) {
    if (redirect.uri() != null) {
      return List.of(redirect.uri().split("\\?", 2)[0]);
    }
    if (rule.match().isEmpty()) {
      return List.of("/");
    }
    return rule.match().stream().map(HttpMatch::uri).flatMap(uri -> literal(uri).stream()).toList();
  }

  private static Optional<String> literal(@Nullable StringMatch uri) {
    if (uri instanceof StringMatch.Exact exact) {
      return Optional.of(exact.value());
    }
    return uri instanceof StringMatch.Prefix prefix
        ? Optional.of(prefix.value())
        : Optional.empty();
  }

  private static boolean takes(HttpRoute rule, String path) {
    return rule.match().isEmpty()
        || rule.match().stream()
            .anyMatch(
                match ->
                    match.uri() != null && match.equals(ofPath(match)) && isMatched(match, path));
  }

  /** The match as it would be if it asked for nothing but the path. */
  private static HttpMatch ofPath(HttpMatch match) {
    return new HttpMatch(
        match.name(),
        match.uri(),
        match.ignoreUriCase(),
        null,
        null,
        null,
        Map.of(),
        Map.of(),
        Map.of(),
        0);
  }

  private static boolean noneMayTake(VirtualService service, int index, String path) {
    return service.http().subList(0, index).stream()
        .noneMatch(
            rule ->
                rule.match().isEmpty()
                    || rule.match().stream().anyMatch(match -> isMatched(match, path)));
  }

  /** Whether a match's condition on the path holds. */
  private static boolean isMatched(HttpMatch match, String path) {
    StringMatch uri = match.uri();
    boolean fold = match.ignoreUriCase();
    if (uri instanceof StringMatch.Exact exact) {
      return fold ? path.equalsIgnoreCase(exact.value()) : path.equals(exact.value());
    }
    if (uri instanceof StringMatch.Prefix prefix) {
      return path.regionMatches(fold, 0, prefix.value(), 0, prefix.value().length());
    }
    return !(uri instanceof StringMatch.Regex regex) || Pattern.matches(regex.pattern(), path);
  }

  private RedirectLoop() {}
}
