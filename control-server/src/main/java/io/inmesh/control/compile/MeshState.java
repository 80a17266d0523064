package io.inmesh.control.compile;

import io.inmesh.control.registry.ServiceRegistry;

/**
 * Everything that decides what agents get, at one moment. Immutable.
 *
 * @param version differs between any two states that one server was in, and says of what revision
 *     of the store it is: {@code 42.7}
 * @param settling whether agents may not have had the time to come back since the server started:
 *     then a service that nobody serves may still be one
 */
public record MeshState(
    String version, PolicyIndex policies, ServiceRegistry services, boolean settling) {
  /** Before anything is known. */
  public static final MeshState EMPTY =
      new MeshState("0.0", PolicyIndex.EMPTY, ServiceRegistry.EMPTY, false);
}
