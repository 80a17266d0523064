package io.inmesh.engine.model;

/** A condition on the first value of a query parameter (Envoy: QueryParameterMatcher). */
public record QueryParameterMatcher(String name, StringMatcher value) {}
