/**
 * Stands in for {@code java.util.logging} inside the agent's loader: packaging makes the libraries
 * that the agent brings along refer to these classes.
 *
 * <p>The JDK's own would initialise the process's log manager before the application has chosen its
 * own. Depends on the JDK only. Start reading at {@link io.inmesh.agent.logging.Logger}.
 */
@NullMarked
package io.inmesh.agent.logging;

import org.jspecify.annotations.NullMarked;
