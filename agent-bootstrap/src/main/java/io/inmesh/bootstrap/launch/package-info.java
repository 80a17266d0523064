/**
 * What the system class loader sees: {@link io.inmesh.bootstrap.launch.Premain}, which the JVM
 * calls, and the loader that keeps everything else away from the application.
 *
 * <p>Depends on the JDK only. Start reading at {@code Premain}, then {@code Launcher}.
 */
@NullMarked
package io.inmesh.bootstrap.launch;

import org.jspecify.annotations.NullMarked;
