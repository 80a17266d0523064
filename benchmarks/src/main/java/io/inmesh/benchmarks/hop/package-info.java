/**
 * What a hop costs: the same HttpURLConnection client without the agent, with it, and with a canary
 * policy, against the same server process. Start with {@link
 * io.inmesh.benchmarks.hop.HopBenchmark}. The measured programs, {@link
 * io.inmesh.benchmarks.hop.LoadClient} and {@link io.inmesh.benchmarks.hop.OriginServer}, use the
 * JDK alone.
 */
@NullMarked
package io.inmesh.benchmarks.hop;

import org.jspecify.annotations.NullMarked;
