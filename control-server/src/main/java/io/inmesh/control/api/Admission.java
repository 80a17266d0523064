package io.inmesh.control.api;

import io.inmesh.policy.Kind;
import io.inmesh.policy.PolicyProblem;
import io.inmesh.policy.PolicyResource;
import java.util.List;

/** Looks at a change before it is stored. Called by many threads at once. */
public interface Admission {
  /**
   * What is wrong with the resource beyond its own text: an error refuses the write (agents would
   * reject what it compiles to), a warning is handed to the writer.
   *
   * @param candidate with its namespace set
   */
  List<PolicyProblem> review(PolicyResource candidate);

  /** Warnings of what others will miss once a resource is deleted. */
  List<PolicyProblem> reviewDelete(Kind kind, String namespace, String name);
}
