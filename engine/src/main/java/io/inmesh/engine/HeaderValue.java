package io.inmesh.engine;

/** One header line; {@code name} is in lower case. */
public record HeaderValue(String name, String value) {}
