/**
 * Which route of a host a request matches; pure. May use the model. Start at {@link
 * io.inmesh.engine.route.VirtualHostTable}.
 */
@NullMarked
package io.inmesh.engine.route;

import org.jspecify.annotations.NullMarked;
