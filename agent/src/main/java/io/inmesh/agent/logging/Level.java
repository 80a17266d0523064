package io.inmesh.agent.logging;

/** The levels that the libraries use. */
@SuppressWarnings("JavaLangClash") // The name is what takes the place of the JDK's.
public enum Level {
  /** Everything below is background. */
  FINEST,
  /** Background. */
  FINER,
  /** Background. */
  FINE,
  /** Ordinary events. */
  INFO,
  /** Something unexpected that the library handled. */
  WARNING,
  /** Something unexpected that the library could not handle. */
  SEVERE
}
