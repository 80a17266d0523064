/**
 * Writes down what the pipeline explains, as plain values with names that stay. May use all of the
 * engine. Start at {@link io.inmesh.engine.explain.ExplanationReport}.
 */
@NullMarked
package io.inmesh.engine.explain;

import org.jspecify.annotations.NullMarked;
