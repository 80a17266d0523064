package io.inmesh.cli;

/** The forms of {@code -o}. */
enum OutputFormat {
  TABLE,
  WIDE,
  YAML,
  JSON,
  NAME
}
