package io.inmesh.agent.instrumentation.httpurlconnection;

import io.inmesh.bootstrap.Bridge;
import java.net.Socket;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/** {@code HttpClient.closeServer}: the connection is given up, and the call with it. */
final class CloseAdvice {

  @Advice.OnMethodEnter(suppress = Throwable.class)
  static void enter(
      @Advice.This Object client, @Advice.FieldValue("serverSocket") @Nullable Socket socket) {
    Bridge.httpFinished(client, socket);
  }

  private CloseAdvice() {}
}
