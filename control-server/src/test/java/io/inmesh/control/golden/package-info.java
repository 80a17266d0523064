/**
 * What istiod and Envoy were seen to do ({@code golden/}), replayed in memory: policy is parsed,
 * compiled, read by the agent's parser and driven through the engine, on a fake clock against fake
 * backends. Start at {@link io.inmesh.control.golden.GoldenReplayTest}.
 */
@NullMarked
package io.inmesh.control.golden;

import org.jspecify.annotations.NullMarked;
