/**
 * Which route of a host a request matches, by which spelling of its path, and what of it is known
 * before any call; pure. May use the model. Start at {@link
 * io.inmesh.engine.route.VirtualHostTable}.
 */
@NullMarked
package io.inmesh.engine.route;

import org.jspecify.annotations.NullMarked;
