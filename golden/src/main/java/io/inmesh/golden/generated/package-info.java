/**
 * Cases by the thousand: a seed becomes a policy and requests. What istiod and Envoy do with them
 * is recorded by {@code tools/record-golden} and replayed by {@code GeneratedReplayTest}.
 *
 * <p>A generator whose cases are recorded may not be changed without recording them anew: {@code
 * CaseGeneratorTest} compares.
 */
@NullMarked
package io.inmesh.golden.generated;

import org.jspecify.annotations.NullMarked;
