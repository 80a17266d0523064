/**
 * What would become of a call, and why: policy's own words (which VirtualService, which rule), put
 * together with what the agents' engine makes of the compiled policy.
 *
 * <p>May depend on api (whose questions it answers), compile, registry, push, policy, the engine
 * and Jackson.
 *
 * <p>Start reading at {@link io.inmesh.control.explain.MeshExplainer}.
 */
@NullMarked
package io.inmesh.control.explain;

import org.jspecify.annotations.NullMarked;
