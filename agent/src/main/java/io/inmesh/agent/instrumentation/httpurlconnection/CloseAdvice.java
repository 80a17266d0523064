package io.inmesh.agent.instrumentation.httpurlconnection;

import io.inmesh.bootstrap.Bridge;
import net.bytebuddy.asm.Advice;

/** {@code HttpClient.closeServer}: the connection is given up, and the call with it. */
final class CloseAdvice {

  @Advice.OnMethodEnter(suppress = Throwable.class)
  static void enter(@Advice.This Object client) {
    Bridge.httpFinished(client);
  }

  private CloseAdvice() {}
}
