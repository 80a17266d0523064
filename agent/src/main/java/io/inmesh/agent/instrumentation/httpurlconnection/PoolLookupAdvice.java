package io.inmesh.agent.instrumentation.httpurlconnection;

import io.inmesh.bootstrap.Bridge;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/** {@code KeepAliveCache.get}: the key's object part, compared by identity, names the endpoint. */
final class PoolLookupAdvice {

  @Advice.OnMethodEnter(suppress = Throwable.class)
  @SuppressWarnings("UnusedVariable") // The assignment changes the argument of the advised method.
  static void enter(@Advice.Argument(value = 1, readOnly = false) @Nullable Object key) {
    key = Bridge.httpKeyForLookup(key);
  }

  private PoolLookupAdvice() {}
}
