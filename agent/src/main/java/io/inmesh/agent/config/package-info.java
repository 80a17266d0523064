/**
 * This process's own settings (agent arguments, system properties, environment), read into one
 * validated record with defaults.
 *
 * <p>Depends on the JDK only. Start reading at {@link io.inmesh.agent.config.AgentConfig}.
 */
@NullMarked
package io.inmesh.agent.config;

import org.jspecify.annotations.NullMarked;
