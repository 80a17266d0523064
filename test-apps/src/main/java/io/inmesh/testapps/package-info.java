/**
 * Very small programs that the end-to-end tests fork, with and without the agent: each shows one
 * thing. None knows of the mesh.
 *
 * <p>May depend on the JDK only.
 *
 * <p>Start reading at {@link io.inmesh.testapps.Caller} and {@link io.inmesh.testapps.Instance},
 * the two sides of most tests.
 */
@NullMarked
package io.inmesh.testapps;

import org.jspecify.annotations.NullMarked;
