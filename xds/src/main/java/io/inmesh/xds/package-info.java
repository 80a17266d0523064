/**
 * xDS resources to the engine's snapshot, or a reason to reject them. Pure: no I/O, no gRPC. May
 * use the engine's model and the relocated lite protos. Start at {@link
 * io.inmesh.xds.ResourceCache}.
 */
@NullMarked
package io.inmesh.xds;

import org.jspecify.annotations.NullMarked;
