/**
 * What instrumented classes see of the agent: one door, {@link io.inmesh.bootstrap.Bridge}, and the
 * interfaces behind it.
 *
 * <p>When the agent is packaged, every class directly in this package becomes {@code
 * java.lang.Inmesh*}, and is defined into {@code java.base}: a class there is visible from every
 * loader and module. JDK types only, no lambdas, no class initialiser that could fail. Start
 * reading at {@code Bridge}.
 */
@NullMarked
package io.inmesh.bootstrap;

import org.jspecify.annotations.NullMarked;
