package io.inmesh.policy;

import org.jspecify.annotations.Nullable;

/**
 * What a rule makes of the path and the authority of its calls before they are sent. At least one
 * part is set, and at most one of {@code uri} and {@code uriRegexRewrite}.
 *
 * @param uri takes the place of what the rule matched: the prefix, else the whole path; null = the
 *     path stays
 * @param uriRegexRewrite a change of the path by a regular expression, null = none
 * @param authority the new Host, null = it stays
 */
public record Rewrite(
    @Nullable String uri, @Nullable UriRegexRewrite uriRegexRewrite, @Nullable String authority) {

  /**
   * Replaces each match in the path (without the query).
   *
   * @param match RE2 syntax, known to compile
   * @param rewrite the replacement; {@code \1} to {@code \9} stand for groups that exist, {@code
   *     \0} for the whole match
   */
  public record UriRegexRewrite(String match, String rewrite) {}
}
