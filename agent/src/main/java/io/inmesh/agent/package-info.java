/**
 * The agent's composition root: builds everything in order, wires it by constructor, shuts it down.
 *
 * <p>May depend on every other package of the agent; none of them depends on it, except on {@link
 * AgentLog}. Start reading at {@code AgentMain}.
 */
@NullMarked
package io.inmesh.agent;

import org.jspecify.annotations.NullMarked;
