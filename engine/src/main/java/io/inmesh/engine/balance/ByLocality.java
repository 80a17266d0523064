package io.inmesh.engine.balance;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A locality in turn, by weight, then one of its endpoints. */
final class ByLocality implements LoadBalancer {
  private final LoadBalancer[] localities;
  private final Schedule schedule;

  ByLocality(LoadBalancer[] localities, Schedule schedule) {
    this.localities = localities;
    this.schedule = schedule;
  }

  @Override
  public @Nullable EndpointLoad pick(RandomGenerator random, long key, int attempt) {
    return localities[schedule.next()].pick(random, key, attempt);
  }
}
