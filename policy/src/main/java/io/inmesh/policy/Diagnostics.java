package io.inmesh.policy;

import io.inmesh.policy.PolicyProblem.Severity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Collects the problems of one source. Written by one parser, on one thread.
 *
 * <p>A resource that is wrong all over is reported up to a limit: nobody reads more, and a hostile
 * input must not fill the memory with messages.
 */
final class Diagnostics {

  private static final int MAX_ERRORS_OF_RESOURCE = 50;
  private static final int MAX_WARNINGS_OF_RESOURCE = 20;
  private static final int MAX_OF_INPUT = 1000;

  private final String source;
  private final List<PolicyProblem> problems = new ArrayList<>();
  private String resource = "";
  private int errors;
  private int warnings;
  private int errorsOfResource;
  private int warningsOfResource;
  private int firstOfResource;
  private boolean resourceHasErrors;

  Diagnostics(String source) {
    this.source = source;
  }

  /** What follows is about another resource, whose name is not known yet. */
  void beginResource() {
    resource = "";
    errorsOfResource = 0;
    warningsOfResource = 0;
    resourceHasErrors = false;
    firstOfResource = problems.size();
  }

  /** Names the resource, in the problems that it already has too. */
  void nameResource(String displayName) {
    resource = displayName;
    for (int i = firstOfResource; i < problems.size(); i++) {
      PolicyProblem p = problems.get(i);
      problems.set(
          i,
          new PolicyProblem(
              p.code(),
              p.severity(),
              source,
              p.line(),
              p.column(),
              displayName,
              p.path(),
              p.message()));
    }
  }

  boolean resourceHasErrors() {
    return resourceHasErrors;
  }

  void error(YamlNode.Position position, String path, String message) {
    error(MessageCode.SCHEMA_VALIDATION_ERROR, position, path, message);
  }

  void error(MessageCode code, YamlNode.Position position, String path, String message) {
    resourceHasErrors = true;
    add(code, Severity.ERROR, position.line(), position.column(), path, message);
  }

  void warning(YamlNode.Position position, String path, String message) {
    warning(MessageCode.SCHEMA_WARNING, position, path, message);
  }

  void warning(MessageCode code, YamlNode.Position position, String path, String message) {
    add(code, Severity.WARNING, position.line(), position.column(), path, message);
  }

  /** An error of the source as a whole. */
  void error(String message) {
    resourceHasErrors = true;
    add(MessageCode.SCHEMA_VALIDATION_ERROR, Severity.ERROR, 0, 0, "", message);
  }

  /** What was found, in the order of the source. */
  List<PolicyProblem> problems() {
    return problems.stream()
        .sorted(
            Comparator.comparingInt(PolicyProblem::line).thenComparingInt(PolicyProblem::column))
        .toList();
  }

  private void add(
      MessageCode code, Severity severity, int line, int column, String path, String message) {
    boolean error = severity == Severity.ERROR;
    int sameKind = error ? ++errorsOfResource : ++warningsOfResource;
    int max = error ? MAX_ERRORS_OF_RESOURCE : MAX_WARNINGS_OF_RESOURCE;
    int total = error ? ++errors : ++warnings;
    if (sameKind > max || total > MAX_OF_INPUT) {
      return;
    }
    boolean last = sameKind == max || total == MAX_OF_INPUT;
    problems.add(
        new PolicyProblem(
            code,
            severity,
            source,
            line,
            column,
            resource,
            path,
            last ? message + " (what else there may be is not shown)" : message));
  }
}
