/**
 * A tour through every public method of {@code HttpURLConnection}, printed as a transcript that is
 * the same in every run: the golden test compares it with and without the agent.
 *
 * <p>May depend on the JDK only.
 *
 * <p>Start reading at {@link io.inmesh.testapps.tour.HttpUrlConnectionTour}.
 */
@NullMarked
package io.inmesh.testapps.tour;

import org.jspecify.annotations.NullMarked;
