package io.inmesh.engine.balance;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Chooses one of some endpoints. Any thread. */
interface LoadBalancer {
  /** Has none to choose from. */
  LoadBalancer NONE = (random, key, attempt) -> null;

  /**
   * Chooses one; counts nothing.
   *
   * @param key what a hashing one goes by; the others draw for themselves
   * @param attempt 0, and one more each time that the call does not want what came
   * @return null if there is none
   */
  @Nullable EndpointLoad pick(RandomGenerator random, long key, int attempt);
}
