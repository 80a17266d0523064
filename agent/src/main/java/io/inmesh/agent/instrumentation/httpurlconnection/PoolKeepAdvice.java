package io.inmesh.agent.instrumentation.httpurlconnection;

import io.inmesh.bootstrap.Bridge;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/** {@code KeepAliveCache.put}: a connection goes back to the pool of its endpoint. */
final class PoolKeepAdvice {

  @Advice.OnMethodEnter(suppress = Throwable.class)
  @SuppressWarnings("UnusedVariable") // The assignment changes the argument of the advised method.
  static void enter(
      @Advice.Argument(value = 1, readOnly = false) @Nullable Object key,
      @Advice.Argument(2) Object client) {
    key = Bridge.httpKeyForKeeping(key, client);
  }

  private PoolKeepAdvice() {}
}
