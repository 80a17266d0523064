/**
 * The control server's composition root: builds store, registry, compiler, xDS and REST in order,
 * wires them by constructor and shuts them down; no logic of its own.
 *
 * <p>May depend on all packages below it. Start reading at ControlServer.
 */
@NullMarked
package io.inmesh.control;

import org.jspecify.annotations.NullMarked;
