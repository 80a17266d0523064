package io.inmesh.engine.balance;

import java.util.random.RandomGenerator;

/** Chooses one of a cluster's endpoints, which are one or more. Any thread. */
interface LoadBalancer {
  EndpointLoad pick(RandomGenerator random);
}
