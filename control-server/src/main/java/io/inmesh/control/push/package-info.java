/**
 * The aggregated discovery service: agents subscribe, and get what changed. One thread owns every
 * stream, the registry of agents and the order of things; resources are serialised once and shared.
 *
 * <p>May depend on compile, registry, store, the xDS protos and gRPC's API.
 *
 * <p>Start reading at {@link io.inmesh.control.push.MeshLoop}, then {@link
 * io.inmesh.control.push.AdsStream}.
 *
 * @see <a href="https://www.envoyproxy.io/docs/envoy/latest/api-docs/xds_protocol">The xDS
 *     protocol</a>
 */
@NullMarked
package io.inmesh.control.push;

import org.jspecify.annotations.NullMarked;
