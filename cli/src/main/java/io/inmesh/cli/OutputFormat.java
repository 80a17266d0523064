package io.inmesh.cli;

/** The forms of {@code -o}, as users write them in commands, and read them in help and errors. */
enum OutputFormat {
  table,
  wide,
  yaml,
  json,
  name
}
