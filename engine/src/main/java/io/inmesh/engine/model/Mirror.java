package io.inmesh.engine.model;

/** A cluster that gets a copy of a share of the calls and whose answers are dropped. */
public record Mirror(String cluster, Percentage share) {}
