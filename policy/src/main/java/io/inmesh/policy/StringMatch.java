package io.inmesh.policy;

/** A condition on one string. */
public sealed interface StringMatch {

  /** The whole string is this, in this case. */
  record Exact(String value) implements StringMatch {}

  /** The string begins so. */
  record Prefix(String value) implements StringMatch {}

  /**
   * The whole string matches.
   *
   * @param pattern RE2 syntax, known to compile
   */
  record Regex(String pattern) implements StringMatch {}

  /** There is such a string, whatever it holds. */
  record Present() implements StringMatch {}
}
