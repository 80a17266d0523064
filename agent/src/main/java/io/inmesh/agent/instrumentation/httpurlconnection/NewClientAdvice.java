package io.inmesh.agent.instrumentation.httpurlconnection;

import io.inmesh.bootstrap.Bridge;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URL;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/**
 * {@code HttpClient.New}: everything about a request's connection happens inside it, the look-up in
 * the pool and the dialling, and no code of the application runs there (proxy selectors, response
 * caches and cookie handlers are asked outside).
 */
final class NewClientAdvice {

  @Advice.OnMethodEnter(suppress = Throwable.class)
  static @Nullable Object enter(
      @Advice.Argument(0) URL url,
      @Advice.Argument(1) @Nullable Proxy proxy,
      @Advice.Argument(4) @Nullable HttpURLConnection connection) {
    return Bridge.httpBegin(url, proxy, connection);
  }

  @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
  static void exit(@Advice.Enter @Nullable Object call, @Advice.Return @Nullable Object client) {
    Bridge.httpConnected(call, client);
  }

  private NewClientAdvice() {}
}
