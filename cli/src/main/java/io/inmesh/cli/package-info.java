/**
 * {@code meshctl}: one class per verb, over a small client of the control server.
 *
 * <p>May depend on {@code io.inmesh.policy} (the kinds, and their parser for what users write),
 * Picocli, Jackson and snakeyaml-engine (output), and its own packages {@code api} (the control
 * server), {@code terminal} (tables, colour) and {@code demo}.
 *
 * <p>Start reading at {@link io.inmesh.cli.Meshctl}.
 */
@NullMarked
package io.inmesh.cli;

import org.jspecify.annotations.NullMarked;
