/**
 * What protects callers from endpoints that fail, and endpoints from too many calls: outlier
 * detection and circuit breakers; pure. May use the model. Start at {@link
 * io.inmesh.engine.resilience.OutlierDetector}.
 */
@NullMarked
package io.inmesh.engine.resilience;

import org.jspecify.annotations.NullMarked;
