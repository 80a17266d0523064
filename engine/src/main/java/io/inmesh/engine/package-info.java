/**
 * Decisions about outbound calls, composed from the subpackages; pure. May use its subpackages and
 * the JDK's pure parts. Start at {@link io.inmesh.engine.OutboundPipeline}.
 */
@NullMarked
package io.inmesh.engine;

import org.jspecify.annotations.NullMarked;
