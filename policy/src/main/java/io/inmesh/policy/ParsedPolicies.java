package io.inmesh.policy;

import java.util.List;

/**
 * What a text holds: the resources without an error, in order, and every problem of the text.
 *
 * @param resources the sound resources; a resource with an error is in no way among them
 * @param places where each of them stands, in the same order
 * @param problems errors and warnings in the order of their position
 */
public record ParsedPolicies(
    List<PolicyResource> resources, List<ResourcePlace> places, List<PolicyProblem> problems) {

  public ParsedPolicies {
    resources = List.copyOf(resources);
    places = List.copyOf(places);
    problems = List.copyOf(problems);
  }

  /** Whether something in the text is wrong; warnings do not count. */
  public boolean hasErrors() {
    return problems.stream().anyMatch(PolicyProblem::isError);
  }

  /** The problems that make a resource unusable. */
  public List<PolicyProblem> errors() {
    return problems.stream().filter(PolicyProblem::isError).toList();
  }

  /** The problems that leave a resource usable. */
  public List<PolicyProblem> warnings() {
    return problems.stream().filter(problem -> !problem.isError()).toList();
  }
}
