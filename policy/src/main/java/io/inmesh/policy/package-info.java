/**
 * The Istio-shaped policy resources that Inmesh understands: parse, validate, analyze. Pure: no
 * I/O, no clock.
 *
 * <p>May depend on Jackson (the stored form of a resource), snakeyaml-engine (YAML events) and
 * RE2/J (whether a regular expression is one that the data plane can run).
 *
 * <p>Start reading at {@link io.inmesh.policy.PolicyParser}: text in, typed resources and problems
 * with their positions out. {@code io.inmesh.policy.analysis} then tells what is wrong among
 * resources.
 */
@NullMarked
package io.inmesh.policy;

import org.jspecify.annotations.NullMarked;
