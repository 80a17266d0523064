package io.inmesh.engine.balance;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** In turn, by weight; new endpoints by a part of it. */
final class RoundRobin implements LoadBalancer {
  private final WeightedTurns turns;
  private final @Nullable WarmUp warmUp;

  RoundRobin(EndpointLoad[] endpoints, AtomicInteger position, @Nullable WarmUp warmUp) {
    this.turns =
        new WeightedTurns(endpoints, new Schedule(WeightedTurns.weights(endpoints), position));
    this.warmUp = warmUp;
  }

  @Override
  public EndpointLoad pick(RandomGenerator random, long key, int attempt) {
    WarmUp warming = warmUp;
    return warming == null || warming.isOver() ? turns.next() : turns.next(random, warming::share);
  }
}
