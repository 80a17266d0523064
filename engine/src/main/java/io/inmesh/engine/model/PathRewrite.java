package io.inmesh.engine.model;

import com.google.re2j.Pattern;

/** How a route changes a call's path before it is sent; the query stays. */
public sealed interface PathRewrite {
  /** The path stays. */
  record None() implements PathRewrite {
    public static final None INSTANCE = new None();
  }

  /**
   * Replaces what the route matched, a prefix or the whole path (Envoy: prefix_rewrite).
   *
   * @param replacement may be empty
   */
  record Matched(String replacement) implements PathRewrite {}

  /**
   * Replaces every match (Envoy: regex_rewrite).
   *
   * @param substitution with {@code \\1} for groups, as RE2 has it
   */
  record Regex(Pattern pattern, String substitution) implements PathRewrite {}
}
