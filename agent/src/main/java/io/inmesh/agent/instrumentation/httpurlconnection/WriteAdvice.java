package io.inmesh.agent.instrumentation.httpurlconnection;

import io.inmesh.bootstrap.Bridge;
import java.net.Socket;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.implementation.bytecode.assign.Assigner;
import org.jspecify.annotations.Nullable;

/**
 * {@code HttpClient.writeRequests}: what goes over the wire may differ from what the application
 * set. The JDK keeps its own headers, to send them again or to show them.
 */
final class WriteAdvice {

  @Advice.OnMethodEnter(suppress = Throwable.class)
  static @Nullable Object enter(
      @Advice.This Object client,
      @Advice.FieldValue("serverSocket") @Nullable Socket socket,
      @Advice.Argument(value = 0, readOnly = false, typing = Assigner.Typing.DYNAMIC) Object head,
      @Advice.Argument(1) @Nullable Object body,
      @Advice.FieldValue("streaming") boolean streaming) {
    Object own = head;
    head = Bridge.httpWriting(client, socket, own, body, streaming);
    return head == own ? null : own;
  }

  @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
  @SuppressWarnings("UnusedVariable") // The assignment changes the field of the advised object.
  static void exit(
      @Advice.Enter @Nullable Object own,
      @Advice.FieldValue(value = "requests", readOnly = false, typing = Assigner.Typing.DYNAMIC)
          @Nullable Object requests) {
    if (own != null) {
      requests = own;
    }
  }

  private WriteAdvice() {}
}
