/**
 * Notices on which ports this process listens, so that it can be registered as an endpoint exactly
 * while it accepts connections.
 *
 * <p>May depend on instrumentation, config and bootstrap. Start reading at {@link
 * io.inmesh.agent.instrumentation.listen.ServedPorts}.
 */
@NullMarked
package io.inmesh.agent.instrumentation.listen;

import org.jspecify.annotations.NullMarked;
