package io.inmesh.engine;

import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/** What every call of a pipeline works with. */
record CallTools(RandomGenerator random, LongSupplier nanoTime, OutboundObserver observer) {}
