package io.inmesh.agent.instrumentation.httpurlconnection;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * One object per endpoint, for a pool that compares by identity. Any thread.
 *
 * <p>Endpoints come and go; when very many have been seen, all keys are forgotten at once. Then
 * idle connections are not found any more and the JDK closes them after some seconds.
 */
final class PoolKeys {
  private static final int MAX_KEYS = 10_000;

  private final ConcurrentMap<PoolKey, PoolKey> keys = new ConcurrentHashMap<>();

  PoolKey of(String address, int port) {
    PoolKey wanted = new PoolKey(address, port);
    PoolKey known = keys.get(wanted);
    if (known != null) {
      return known;
    }
    if (keys.size() >= MAX_KEYS) {
      keys.clear();
    }
    PoolKey other = keys.putIfAbsent(wanted, wanted);
    return other == null ? wanted : other;
  }

  /** Names an endpoint. */
  record PoolKey(String address, int port) {}
}
