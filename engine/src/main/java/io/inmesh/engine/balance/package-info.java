/**
 * Which endpoint of a cluster gets a call; pure. May use the model and {@code resilience}. Start at
 * {@link io.inmesh.engine.balance.ClusterLoad}.
 */
@NullMarked
package io.inmesh.engine.balance;

import org.jspecify.annotations.NullMarked;
