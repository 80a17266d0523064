package io.inmesh.engine.model;

/** What an authority such as {@code orders:8080} resolves to (Envoy: API listener). */
public record Listener(String name, RouteConfiguration routes) {}
