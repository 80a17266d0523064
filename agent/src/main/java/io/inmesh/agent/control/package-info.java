/**
 * The control client: one xDS stream to a control server, the last good configuration on disk, and
 * what this process reports about itself. May use {@code xds}, {@code engine.model}, {@code
 * agent.config} and gRPC, which nothing else in the agent sees. Start at {@link
 * io.inmesh.agent.control.ControlClient}.
 */
@NullMarked
package io.inmesh.agent.control;

import org.jspecify.annotations.NullMarked;
