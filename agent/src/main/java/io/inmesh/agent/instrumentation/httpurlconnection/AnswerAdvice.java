package io.inmesh.agent.instrumentation.httpurlconnection;

import io.inmesh.bootstrap.Bridge;
import java.net.Socket;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/**
 * {@code HttpClient.parseHTTP}: where the response's head arrives. To try again, the client gets a
 * new connection and the request, as the JDK itself does it here, and the method runs once more:
 * nobody outside of it notices.
 */
final class AnswerAdvice {

  @Advice.OnMethodEnter(suppress = Throwable.class)
  @SuppressWarnings("UnusedVariable") // The assignment changes the field of the advised object.
  static void enter(
      @Advice.This Object client,
      @Advice.FieldValue("serverSocket") @Nullable Socket socket,
      @Advice.FieldValue(value = "failedOnce", readOnly = false) boolean failedOnce) {
    if (Bridge.httpAwaiting(client, socket)) {
      failedOnce = true; // What the JDK looks at before it tries again by itself.
    }
  }

  @Advice.OnMethodExit(
      onThrowable = Throwable.class,
      suppress = Throwable.class,
      repeatOn = Advice.OnNonDefaultValue.class)
  @SuppressWarnings("UnusedVariable") // As above.
  static boolean exit(
      @Advice.This Object client,
      @Advice.FieldValue("serverSocket") @Nullable Socket socket,
      @Advice.Argument(0) Object response,
      @Advice.FieldValue("requests") @Nullable Object head,
      @Advice.FieldValue("poster") @Nullable Object body,
      @Advice.FieldValue(value = "failedOnce", readOnly = false) boolean failedOnce,
      @Advice.Thrown(readOnly = false) @Nullable Throwable failure) {
    Object outcome = Bridge.httpAnswered(client, socket, response, head, body, failure);
    if (outcome == Boolean.TRUE) {
      failure = null;
      failedOnce = true;
      return true;
    }
    if (outcome instanceof Throwable told) {
      failure = told;
    }
    return false;
  }

  private AnswerAdvice() {}
}
