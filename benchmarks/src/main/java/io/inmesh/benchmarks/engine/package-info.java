/**
 * What a decision of the engine costs, in time and in bytes (JMH). May use the engine and JMH.
 * Start at {@link io.inmesh.benchmarks.engine.DecisionBenchmark}.
 */
@NullMarked
package io.inmesh.benchmarks.engine;

import org.jspecify.annotations.NullMarked;
