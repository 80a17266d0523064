/**
 * Text for people: aligned tables, colour where a terminal shows it, ages. Depends on the JDK
 * alone.
 *
 * <p>Start reading at {@link io.inmesh.cli.terminal.TextTable}.
 */
@NullMarked
package io.inmesh.cli.terminal;

import org.jspecify.annotations.NullMarked;
