package io.inmesh.engine.model;

/**
 * A condition on a header or pseudo header; {@code name} is in lower case (Envoy: HeaderMatcher).
 */
public record HeaderMatcher(
    String name, StringMatcher value, boolean invert, boolean treatMissingAsEmpty) {}
