package io.inmesh.xds;

import io.inmesh.shaded.protobuf.Any;

/** A parsed resource and the bytes it came from. */
record Held<T>(T parsed, Any raw) {}
