/**
 * The immutable model of a mesh, resolved from xDS: what readers see. May use the JDK and RE2/J's
 * patterns. Start at {@link io.inmesh.engine.model.MeshSnapshot}.
 */
@NullMarked
package io.inmesh.engine.model;

import org.jspecify.annotations.NullMarked;
