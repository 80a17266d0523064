package io.inmesh.agent.instrumentation.httpurlconnection;

import io.inmesh.bootstrap.Bridge;
import java.net.Socket;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/**
 * {@code HttpClient.finished}: the response was read to its end. On enter, because afterwards
 * another thread may have the client out of the pool already.
 */
final class FinishedAdvice {

  @Advice.OnMethodEnter(suppress = Throwable.class)
  @SuppressWarnings("UnusedVariable") // The assignment changes the field of the advised object.
  static void enter(
      @Advice.This Object client,
      @Advice.FieldValue("serverSocket") @Nullable Socket socket,
      @Advice.FieldValue("reuse") boolean reuse,
      @Advice.FieldValue(value = "keepingAlive", readOnly = false) boolean keepingAlive) {
    // With reuse the JDK sends another request on it at once, for the same call (authentication).
    if (!reuse && Bridge.httpFinished(client, socket)) {
      keepingAlive = false;
    }
  }

  private FinishedAdvice() {}
}
