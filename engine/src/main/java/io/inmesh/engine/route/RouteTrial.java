package io.inmesh.engine.route;

import io.inmesh.engine.model.Route;
import java.util.List;

/**
 * A route that a request was held against.
 *
 * @param conditions all of them, those that hold and those that do not
 */
public record RouteTrial(Route route, List<Condition> conditions) {
  public RouteTrial {
    conditions = List.copyOf(conditions);
  }

  /** Whether the request matches. */
  public boolean matches() {
    return conditions.stream().allMatch(Condition::holds);
  }
}
