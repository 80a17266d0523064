/**
 * The control server as a client sees it: its REST API, and what can go wrong with it. May depend
 * on {@code io.inmesh.policy} for the kinds, and on Jackson.
 *
 * <p>Start reading at {@link io.inmesh.cli.api.ControlServer}.
 */
@NullMarked
package io.inmesh.cli.api;

import org.jspecify.annotations.NullMarked;
