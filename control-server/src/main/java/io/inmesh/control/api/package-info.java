/**
 * The REST side, with the conventions of Kubernetes: policy resources by path, optimistic
 * concurrency by {@code resourceVersion}, server-side apply, watch, {@code Status} errors; and what
 * {@code meshctl} asks about agents and services.
 *
 * <p>May depend on store, registry and push (their read views), policy, Jackson and Armeria.
 *
 * <p>Start reading at {@link io.inmesh.control.api.PolicyService} (HTTP) and {@link
 * io.inmesh.control.api.PolicyStore} (what a request means).
 */
@NullMarked
package io.inmesh.control.api;

import org.jspecify.annotations.NullMarked;
