package io.inmesh.cli.api;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** A change that a watch tells: {@code ADDED}, {@code MODIFIED} or {@code DELETED}. */
public record WatchEvent(String type, ObjectNode object) {}
