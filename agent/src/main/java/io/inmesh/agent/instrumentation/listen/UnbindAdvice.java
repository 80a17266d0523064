package io.inmesh.agent.instrumentation.listen;

import io.inmesh.bootstrap.Bridge;
import net.bytebuddy.asm.Advice;

/** The close of a server socket or channel; on enter, so that no new call is sent here. */
final class UnbindAdvice {

  @Advice.OnMethodEnter(suppress = Throwable.class)
  static void enter(@Advice.This Object socket) {
    Bridge.unbound(socket);
  }

  private UnbindAdvice() {}
}
