/**
 * What istiod and Envoy were seen to do, and how a replay is compared with it. For tests; it ships
 * with nothing. Drivers of the replay are {@code GoldenReplayTest} in {@code control-server/}, in
 * memory, and {@code SocketReplayTest} in {@code test-apps/}, with the packaged agent.
 */
@NullMarked
package io.inmesh.golden;

import org.jspecify.annotations.NullMarked;
