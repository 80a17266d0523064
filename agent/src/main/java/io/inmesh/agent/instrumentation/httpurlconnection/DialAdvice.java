package io.inmesh.agent.instrumentation.httpurlconnection;

import io.inmesh.bootstrap.Bridge;
import io.inmesh.bootstrap.Dial;
import java.net.Socket;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/**
 * {@code NetworkClient.doConnect}: connects to the endpoint instead, and after a failure to the
 * next one by running the method again. A local reply skips the method, or comes in place of the
 * last failure.
 */
final class DialAdvice {

  @Advice.OnMethodEnter(suppress = Throwable.class, skipOn = Dial.Local.class)
  @SuppressWarnings("UnusedVariable") // Assignments change arguments and fields of the advised one.
  static @Nullable Dial enter(
      @Advice.This Object client,
      @Advice.Argument(value = 0, readOnly = false) String host,
      @Advice.Argument(value = 1, readOnly = false) int port,
      @Advice.FieldValue(value = "connectTimeout", readOnly = false) int timeout,
      @Advice.FieldValue("defaultConnectTimeout") int defaultTimeout) {
    Dial dial = Bridge.httpDial(client, timeout >= 0 ? timeout : defaultTimeout);
    if (dial != null) {
      dial.originalTimeoutMillis = timeout;
    }
    if (dial != null && !(dial instanceof Dial.Local)) {
      host = dial.host;
      port = dial.port;
      timeout = dial.timeoutMillis;
    }
    return dial;
  }

  @Advice.OnMethodExit(
      onThrowable = Throwable.class,
      suppress = Throwable.class,
      repeatOn = Advice.OnNonDefaultValue.class,
      backupArguments = false)
  @SuppressWarnings("UnusedVariable") // As above.
  static boolean exit(
      @Advice.Enter @Nullable Dial dial,
      @Advice.Argument(value = 0, readOnly = false) String host,
      @Advice.Argument(value = 1, readOnly = false) int port,
      @Advice.FieldValue(value = "connectTimeout", readOnly = false) int timeout,
      @Advice.Return(readOnly = false) @Nullable Socket socket,
      @Advice.Thrown(readOnly = false) @Nullable Throwable failure) {
    if (dial == null) {
      return false;
    }
    if (Bridge.httpDialNext(dial, failure)) {
      host = dial.host;
      port = dial.port;
      timeout = dial.timeoutMillis;
      return true;
    }
    timeout = dial.originalTimeoutMillis;
    Socket own = Bridge.httpDialed(dial, socket);
    if (own != null) {
      socket = own;
      failure = null;
    }
    Throwable refusal = Bridge.httpRefusal(dial);
    if (refusal != null) {
      failure = refusal;
    }
    return false;
  }

  private DialAdvice() {}
}
