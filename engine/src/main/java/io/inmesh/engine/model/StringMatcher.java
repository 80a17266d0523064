package io.inmesh.engine.model;

import com.google.re2j.Pattern;

/** How a string of a request is compared (Envoy: StringMatcher, RouteMatch.path_specifier). */
public sealed interface StringMatcher {
  record Exact(String value, boolean ignoreCase) implements StringMatcher {}

  record Prefix(String value, boolean ignoreCase) implements StringMatcher {}

  record Regex(Pattern pattern) implements StringMatcher {}

  record Present() implements StringMatcher {}
}
