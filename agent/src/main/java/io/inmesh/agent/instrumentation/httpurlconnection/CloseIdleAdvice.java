package io.inmesh.agent.instrumentation.httpurlconnection;

import io.inmesh.bootstrap.Bridge;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/**
 * {@code HttpClient.closeIdleConnection}, which {@code disconnect} calls: what it looks up in the
 * pool must be a connection to the same endpoint.
 */
final class CloseIdleAdvice {

  @Advice.OnMethodEnter(suppress = Throwable.class)
  static @Nullable Object enter(@Advice.This Object client) {
    return Bridge.httpClosingIdle(client);
  }

  @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
  static void exit(@Advice.Enter @Nullable Object state) {
    Bridge.httpClosedIdle(state);
  }

  private CloseIdleAdvice() {}
}
