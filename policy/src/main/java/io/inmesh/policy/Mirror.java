package io.inmesh.policy;

/**
 * A destination that gets a copy of calls and whose answers are dropped.
 *
 * @param percent of the calls, more than 0, up to 100
 */
public record Mirror(Destination destination, double percent) {}
