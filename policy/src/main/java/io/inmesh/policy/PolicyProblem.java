package io.inmesh.policy;

/**
 * One thing that is wrong, or questionable, in a policy text.
 *
 * @param code what kind of problem it is
 * @param source the file's name, as given to the parser
 * @param line the line in the source, from 1; 0 when no position applies
 * @param column the column in the line, from 1; 0 when no position applies
 * @param resource {@code VirtualService/orders}, or "" when the problem is not of one resource
 * @param path the field, {@code spec.http[0].route[1].weight}, or "" when it is of the whole
 * @param message what is wrong and what to do
 */
public record PolicyProblem(
    MessageCode code,
    Severity severity,
    String source,
    int line,
    int column,
    String resource,
    String path,
    String message) {

  /** A problem whose code says no more than its severity. */
  public PolicyProblem(
      Severity severity,
      String source,
      int line,
      int column,
      String resource,
      String path,
      String message) {
    this(
        severity == Severity.ERROR
            ? MessageCode.SCHEMA_VALIDATION_ERROR
            : MessageCode.SCHEMA_WARNING,
        severity,
        source,
        line,
        column,
        resource,
        path,
        message);
  }

  /** How much a problem weighs. */
  public enum Severity {
    /** The resource is refused. */
    ERROR,
    /** The resource is accepted; its author should know. */
    WARNING
  }

  /** Whether the problem makes its resource unusable. */
  public boolean isError() {
    return severity == Severity.ERROR;
  }

  /**
   * {@code file:line: Kind/name: path: message}, without the parts that are not known; {@code line
   * 3: ...} without a source.
   */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(source);
    if (line > 0) {
      text.append(source.isEmpty() ? "line " : ":").append(line);
    }
    for (String part : new String[] {resource, path, message}) {
      if (!part.isEmpty()) {
        text.append(text.isEmpty() ? "" : ": ").append(part);
      }
    }
    return text.toString();
  }
}
