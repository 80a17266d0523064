/**
 * Policy and services to xDS: what an agent of a namespace is to get under a resource's name.
 *
 * <p>May depend on registry, policy, the xDS protos, and on the agent's own parser to check what
 * comes out. Pure: no I/O, no clock, no threads.
 *
 * <p>Start reading at {@link io.inmesh.control.compile.MeshCompiler}.
 */
@NullMarked
package io.inmesh.control.compile;

import org.jspecify.annotations.NullMarked;
