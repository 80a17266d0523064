/**
 * A client and a service that do to each other whatever real ones do when they are in trouble: what
 * the agent keeps of a call must not outlive it. Start at {@link io.inmesh.testapps.soak.Soak}.
 */
@NullMarked
package io.inmesh.testapps.soak;

import org.jspecify.annotations.NullMarked;
