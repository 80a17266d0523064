package io.inmesh.policy.analysis;

import com.google.re2j.Pattern;
import io.inmesh.policy.Hosts;
import io.inmesh.policy.HttpMatch;
import io.inmesh.policy.MessageCode;
import io.inmesh.policy.Quoting;
import io.inmesh.policy.StringMatch;
import io.inmesh.policy.VirtualService;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Conditions that no request can meet, or not those requests that were meant. */
final class MatchChecks {

  /** What {@code HttpURLConnection.setRequestMethod} takes. */
  private static final Set<String> LIBRARY_METHODS =
      Set.of("GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE");

  private static final Set<String> EVERYTHING = Set.of(".*", "^.*$", "^.*", ".*$", "(.*)");

  private final Subject subject;
  private final VirtualService service;
  private final Services services;
  private final Report report;

  MatchChecks(Subject subject, VirtualService service, Services services, Report report) {
    this.subject = subject;
    this.service = service;
    this.services = services;
    this.report = report;
  }

  void check(HttpMatch match, String path) {
    uri(match.uri()).ifPresent(why -> never(path + ".uri", why));
    method(match.method(), path + ".method");
    scheme(match.scheme(), path + ".scheme");
    authority(match.authority(), path + ".authority");
    port(match.port(), path + ".port");
    headers(match, path);
  }

  private void never(String path, String why) {
    report.add(
        MessageCode.MATCH_NEVER_HOLDS, path, "no request can meet this condition: " + why, "");
  }

  private static Optional<String> uri(@Nullable StringMatch uri) {
    if (uri instanceof StringMatch.Regex regex) {
      return regex(regex.pattern());
    }
    String text =
        uri instanceof StringMatch.Exact exact
            ? exact.value()
            : uri instanceof StringMatch.Prefix prefix ? prefix.value() : "";
    if (text.isEmpty()) {
      return uri instanceof StringMatch.Exact
          ? Optional.of("a path is never empty; write \"/\"")
          : Optional.empty();
    }
    if (text.charAt(0) != '/') {
      return Optional.of("a path begins with \"/\"; write " + Quoting.quote("/" + text));
    }
    if (text.indexOf('?') >= 0 || text.indexOf('#') >= 0) {
      return Optional.of(
          "a path is matched without its query and fragment; write "
              + Quoting.quote(text.substring(0, text.split("[?#]", 2)[0].length()))
              + ", and queryParams");
    }
    boolean dots = (text + (uri instanceof StringMatch.Exact ? "/" : "")).matches(".*/\\.\\.?/.*");
    return dots
        ? Optional.of("\".\" and \"..\" in a path are resolved before it is matched; remove them")
        : Optional.empty();
  }

  /** Only what is certain: an expression that begins with a letter, or asks for a "?". */
  private static Optional<String> regex(String pattern) {
    if (pattern.indexOf('|') >= 0 || pattern.isEmpty()) {
      return Optional.empty();
    }
    String begin = pattern.startsWith("^") ? pattern.substring(1) : pattern;
    if (!begin.isEmpty() && Character.isLetterOrDigit(begin.charAt(0)) && !isOptional(begin, 1)) {
      return Optional.of(
          "the expression must match the whole path, which begins with \"/\"; write "
              + Quoting.quote("/" + begin));
    }
    int mark = pattern.indexOf("\\?");
    boolean plain = pattern.indexOf('(') < 0 && pattern.indexOf('[') < 0;
    return plain
            && mark >= 0
            && (mark == 0 || pattern.charAt(mark - 1) != '\\')
            && !isOptional(pattern, mark + 2)
        ? Optional.of("a path is matched without its query; use queryParams")
        : Optional.empty();
  }

  private static boolean isOptional(String pattern, int at) {
    return at < pattern.length() && "*?{".indexOf(pattern.charAt(at)) >= 0;
  }

  private void method(@Nullable StringMatch method, String path) {
    String text =
        method instanceof StringMatch.Exact exact
            ? exact.value()
            : method instanceof StringMatch.Prefix prefix ? prefix.value() : "";
    if (!text.equals(text.toUpperCase(Locale.ROOT))) {
      never(path, "methods are in capitals; write " + Quoting.quote(text.toUpperCase(Locale.ROOT)));
    } else if (method instanceof StringMatch.Exact && !LIBRARY_METHODS.contains(text)) {
      report.add(
          MessageCode.BEYOND_HTTP_URL_CONNECTION,
          path,
          "HttpURLConnection cannot send "
              + Quoting.quote(text)
              + ", and calls of other libraries pass untouched so far",
          "");
    }
  }

  private void scheme(@Nullable StringMatch scheme, String path) {
    if (!(scheme instanceof StringMatch.Exact exact) || exact.value().equals("http")) {
      return;
    }
    if (exact.value().equals("https")) {
      report.add(
          MessageCode.BEYOND_HTTP_URL_CONNECTION,
          path,
          "calls to https: URLs pass untouched so far, so that this never holds",
          "");
    } else {
      never(path, "the scheme of a call is \"http\" or \"https\"");
    }
  }

  private void authority(@Nullable StringMatch authority, String path) {
    if (!(authority instanceof StringMatch.Exact exact)
        || service.isDelegate()
        || service.hosts().stream().anyMatch(host -> isOf(exact.value(), subject.fqdn(host)))) {
      return;
    }
    never(
        path,
        "calls to "
            + Quoting.quote(exact.value())
            + " are not for the hosts of this VirtualService ("
            + Quoting.list(service.hosts())
            + ")");
  }

  /** Whether a call may write a host so: in full, or without the end that callers may leave out. */
  private static boolean isOf(String authority, String host) {
    String called = authority.toLowerCase(Locale.ROOT);
    int port = called.lastIndexOf(':');
    if (port > 0 && called.substring(port + 1).matches("[0-9]{1,5}")) {
      called = called.substring(0, port);
    }
    return host.startsWith(called + ".")
        || Hosts.matches(host, called)
        || Hosts.matches(host, called + "." + Hosts.CLUSTER_DOMAIN)
        || (host.startsWith("*") && called.indexOf('.') < 0);
  }

  private void port(int port, String path) {
    if (port == 0 || service.isDelegate()) {
      return;
    }
    Set<Integer> known = new TreeSet<>();
    for (String host : service.hosts()) {
      Set<Integer> ports = services.ports(subject.fqdn(host));
      if (ports.isEmpty()) {
        return;
      }
      known.addAll(ports);
    }
    if (!known.contains(port)) {
      never(
          path,
          "no host of this VirtualService has the port "
              + port
              + " (ports: "
              + DestinationChecks.joined(known)
              + ")");
    }
  }

  private void headers(HttpMatch match, String path) {
    for (Map.Entry<String, StringMatch> without : match.withoutHeaders().entrySet()) {
      String name = without.getKey();
      StringMatch condition = without.getValue();
      String where = path + ".withoutHeaders[" + name + "]";
      StringMatch asked = match.headers().get(name);
      if (asked != null && (asked.equals(condition) || condition instanceof StringMatch.Present)) {
        never(where, "the same is asked for in headers");
      } else if (condition instanceof StringMatch.Regex regex && matchesNothing(regex.pattern())) {
        if (EVERYTHING.contains(regex.pattern())) {
          never(
              where,
              "the expression matches every value, and a missing header counts as an empty one;"
                  + " write {} for requests that lack the header");
        } else {
          report.add(
              MessageCode.MISSING_HEADER_EXCLUDED,
              where,
              "a missing header counts as an empty one, which the expression matches: requests that"
                  + " lack the header are kept out too (as with Istio)",
              "use + instead of *, or another expression that an empty value does not match");
        }
      }
    }
  }

  private static boolean matchesNothing(String pattern) {
    return Pattern.matches(pattern, "");
  }
}
