/**
 * How long a policy change takes to the calls of a running client. Start with {@link
 * io.inmesh.benchmarks.propagation.PropagationBenchmark}.
 */
@NullMarked
package io.inmesh.benchmarks.propagation;

import org.jspecify.annotations.NullMarked;
