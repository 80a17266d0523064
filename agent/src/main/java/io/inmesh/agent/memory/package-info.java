/**
 * Stands in for {@code sun.misc.Unsafe} inside the agent's loader, for protobuf's lite runtime,
 * which cannot do without it while newer JDKs warn of it on standard error.
 *
 * <p>The stand-in itself is written by packaging ({@code AgentJar}). Depends on the JDK only.
 */
@NullMarked
package io.inmesh.agent.memory;

import org.jspecify.annotations.NullMarked;
