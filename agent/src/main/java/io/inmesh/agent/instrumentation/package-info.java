/**
 * How a library or a part of the JDK gets its hooks: what a module declares, the check that the
 * class at hand has what the hook needs, and the transformer.
 *
 * <p>May depend on bootstrap, config and Byte Buddy. Start reading at {@link
 * io.inmesh.agent.instrumentation.HookGroup}.
 */
@NullMarked
package io.inmesh.agent.instrumentation;

import org.jspecify.annotations.NullMarked;
