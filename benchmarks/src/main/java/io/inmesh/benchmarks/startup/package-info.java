/**
 * What the agent adds to a process: time to the first line, to the first call and to the end, and
 * memory, classes and threads, for a trivial main and for a Spring Boot web service. Start with
 * {@link io.inmesh.benchmarks.startup.StartupBenchmark}.
 */
@NullMarked
package io.inmesh.benchmarks.startup;

import org.jspecify.annotations.NullMarked;
