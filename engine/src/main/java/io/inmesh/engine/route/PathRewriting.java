package io.inmesh.engine.route;

import com.google.re2j.Matcher;
import io.inmesh.engine.model.PathRewrite;
import io.inmesh.engine.model.RouteAction;
import io.inmesh.engine.model.StringMatcher;

/** What a route makes of a path that it matched, for the endpoint or for a redirect. */
public final class PathRewriting {
  /**
   * The path to send.
   *
   * @param pathAndQuery normalized, and what {@code matched} matched
   */
  public static String rewritten(PathRewrite rewrite, StringMatcher matched, String pathAndQuery) {
    int query = pathAndQuery.indexOf('?');
    String path = query < 0 ? pathAndQuery : pathAndQuery.substring(0, query);
    String rest = query < 0 ? "" : pathAndQuery.substring(query);
    if (rewrite instanceof PathRewrite.Matched replacement) {
      return replaced(matched, path, replacement.replacement()) + rest;
    }
    if (rewrite instanceof PathRewrite.Regex regex) {
      return replacedAll(regex, path) + rest;
    }
    return pathAndQuery;
  }

  /** The path of a redirect's Location; its own query takes the place of the request's. */
  public static String redirected(
      RouteAction.Redirect redirect, StringMatcher matched, String pathAndQuery) {
    if (redirect.path().isEmpty() && !redirect.prefixRewrite()) {
      return pathAndQuery;
    }
    int query = pathAndQuery.indexOf('?');
    String path = query < 0 ? pathAndQuery : pathAndQuery.substring(0, query);
    String rest = query < 0 ? "" : pathAndQuery.substring(query);
    String target =
        redirect.prefixRewrite() ? replaced(matched, path, redirect.path()) : redirect.path();
    String rooted = target.startsWith("/") ? target : "/" + target;
    return !redirect.prefixRewrite() && rooted.indexOf('?') >= 0 ? rooted : rooted + rest;
  }

  /** A prefix is replaced, anything else was matched as a whole. */
  private static String replaced(StringMatcher matched, String path, String replacement) {
    return matched instanceof StringMatcher.Prefix prefix
        ? replacement + path.substring(prefix.value().length())
        : replacement;
  }

  /** As RE2's GlobalReplace: an empty match right behind another one is none. */
  private static String replacedAll(PathRewrite.Regex regex, String path) {
    Matcher matcher = regex.pattern().matcher(path);
    StringBuilder text = new StringBuilder();
    int copied = 0;
    boolean matchedBefore = false;
    while (matcher.find()) {
      boolean emptyBehind =
          matchedBefore && matcher.start() == matcher.end() && matcher.start() == copied;
      if (!emptyBehind) {
        text.append(path, copied, matcher.start());
        substitute(regex.substitution(), matcher, text);
        copied = matcher.end();
        matchedBefore = true;
      }
    }
    return text.append(path, copied, path.length()).toString();
  }

  private static void substitute(String substitution, Matcher matcher, StringBuilder text) {
    boolean escaped = false;
    for (int i = 0; i < substitution.length(); i++) {
      char c = substitution.charAt(i);
      if (!escaped && c == '\\') {
        escaped = true;
        continue;
      }
      int group = c - '0';
      if (!escaped || group < 0 || group > 9) {
        text.append(c);
      } else if (group <= matcher.groupCount()) {
        String value = matcher.group(group);
        text.append(value == null ? "" : value);
      }
      escaped = false;
    }
  }

  private PathRewriting() {}
}
