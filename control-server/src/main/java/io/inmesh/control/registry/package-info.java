/**
 * What there is in the mesh now: services and their endpoints, from policy (ServiceEntry,
 * WorkloadEntry) and from the agents that are connected.
 *
 * <p>May depend on policy's types and the JDK; knows nothing of xDS, HTTP or the store.
 *
 * <p>Start reading at {@link io.inmesh.control.registry.ServiceRegistry} (one immutable picture)
 * and {@link io.inmesh.control.registry.AgentRegistry} (who is connected).
 */
@NullMarked
package io.inmesh.control.registry;

import org.jspecify.annotations.NullMarked;
