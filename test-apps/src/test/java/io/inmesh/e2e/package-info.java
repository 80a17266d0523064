/**
 * End-to-end tests: real JVMs (17 and 25) with the packaged agent, a real control server and the
 * real command line, all forked and all on loopback.
 *
 * <p>May depend on the JDK and on the packaged jars as processes; on Byte Buddy for {@code
 * Saboteur} only; on the recorded cases of {@code golden/} for {@link
 * io.inmesh.e2e.SocketReplayTest}. Set {@code INMESH_TEST_JDKS} to a path list of JDK homes when
 * they are not in a usual folder; a test whose JDK is missing is skipped and says so.
 *
 * <p>Start reading at {@link io.inmesh.e2e.Jvm} (a forked JVM) and {@link io.inmesh.e2e.Mesh} (a
 * control server with the applications around it), then {@link io.inmesh.e2e.CanaryTest}.
 */
@NullMarked
package io.inmesh.e2e;

import org.jspecify.annotations.NullMarked;
