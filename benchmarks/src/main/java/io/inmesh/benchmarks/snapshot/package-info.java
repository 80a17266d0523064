/**
 * What a large snapshot costs, in heap and in time. May use the engine and the harness. Start at
 * {@link io.inmesh.benchmarks.snapshot.SnapshotBenchmark}.
 */
@NullMarked
package io.inmesh.benchmarks.snapshot;

import org.jspecify.annotations.NullMarked;
