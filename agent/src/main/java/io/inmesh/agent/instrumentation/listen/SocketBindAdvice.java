package io.inmesh.agent.instrumentation.listen;

import io.inmesh.bootstrap.Bridge;
import java.net.ServerSocket;
import net.bytebuddy.asm.Advice;

/** {@code ServerSocket.bind}, when it has succeeded; constructors with a port call it too. */
final class SocketBindAdvice {

  @Advice.OnMethodExit(suppress = Throwable.class)
  static void exit(@Advice.This ServerSocket socket) {
    Bridge.bound(socket);
  }

  private SocketBindAdvice() {}
}
