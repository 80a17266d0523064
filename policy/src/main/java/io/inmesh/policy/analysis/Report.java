package io.inmesh.policy.analysis;

import io.inmesh.policy.MessageCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Collects what is found about one resource. A resource that is wrong all over is reported up to a
 * limit: nobody reads more. Used by one thread.
 */
final class Report {

  private static final int MAX_OF_CODE = 20;

  private final Subject subject;
  private final List<Finding> findings = new ArrayList<>();
  private final Map<MessageCode, Integer> counts = new HashMap<>();

  Report(Subject subject) {
    this.subject = subject;
  }

  void add(MessageCode code, String path, String message, String remedy) {
    int count = counts.merge(code, 1, Integer::sum);
    if (count <= MAX_OF_CODE) {
      String more =
          count == MAX_OF_CODE ? " (what else there may be of this code is not shown)" : "";
      findings.add(new Finding(code, subject.ref(), path, "", message, remedy + more));
    }
  }

  List<Finding> findings() {
    return List.copyOf(findings);
  }
}
