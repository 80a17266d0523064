package io.inmesh.control.compile;

import io.inmesh.policy.HttpRoute;

/**
 * A rule that counts, and where it stands.
 *
 * @param place in the spec of the VirtualService that owns the host: {@code http[1]}; of a rule of
 *     a delegate behind that: {@code http[1] > shop/orders-v2 http[0]}
 * @param rule without a delegate, and with full names of its destinations
 * @param dropped why it does not count after all; empty: it does
 */
record PlacedRule(String place, HttpRoute rule, String dropped) {
  boolean counts() {
    return dropped.isEmpty();
  }
}
