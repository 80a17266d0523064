/**
 * What a thoughtful reader of all policy would say about it: findings across resources, with the
 * codes of {@code istioctl analyze} where it has one. Pure: no I/O, no clock.
 *
 * <p>May depend on {@code io.inmesh.policy} and Jackson (findings as JSON) and RE2/J (what policy's
 * expressions match).
 *
 * <p>Start reading at {@link io.inmesh.policy.analysis.Analysis}.
 */
@NullMarked
package io.inmesh.policy.analysis;

import org.jspecify.annotations.NullMarked;
