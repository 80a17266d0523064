/**
 * What every whole-process benchmark needs: forked JVMs that talk in lines, a control server of
 * their own, interleaved comparisons, and a report as a table and as JSON. Depends on the JDK
 * alone, so that the class path of a measured process is one directory. Start with {@link
 * io.inmesh.benchmarks.harness.Comparison}.
 */
@NullMarked
package io.inmesh.benchmarks.harness;

import org.jspecify.annotations.NullMarked;
