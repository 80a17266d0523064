package io.inmesh.agent.instrumentation.httpurlconnection;

import io.inmesh.agent.instrumentation.HookPoint;
import io.inmesh.agent.instrumentation.InstrumentationModule;
import io.inmesh.agent.instrumentation.RequiredMember;
import io.inmesh.bootstrap.Bridge;
import io.inmesh.engine.OutboundPipeline;
import java.lang.instrument.Instrumentation;
import java.util.List;
import java.util.function.Consumer;

/** The hooks on the JDK's HTTP client behind {@code URL.openConnection()}. */
public final class HttpUrlConnectionModule implements InstrumentationModule {
  private static final String CLIENT = "sun.net.www.http.HttpClient";
  private static final String CACHE = "sun.net.www.http.KeepAliveCache";
  private static final String NETWORK = "sun.net.NetworkClient";

  private final HttpUrlConnectionCalls calls;

  /**
   * Wires the hooks.
   *
   * @param firstSight called with the authority before each decision; blocks while the first
   *     configuration of a host is on its way, and returns at once afterwards
   * @param instrumentation lets this module, and nobody else, read the JDK's request headers
   */
  public HttpUrlConnectionModule(
      OutboundPipeline pipeline, Consumer<String> firstSight, Instrumentation instrumentation) {
    this.calls =
        new HttpUrlConnectionCalls(
            pipeline, firstSight, new RequestHeaders(instrumentation), System::nanoTime);
  }

  @Override
  public String name() {
    return "http-url-connection";
  }

  @Override
  public List<HookPoint> points() {
    return List.of(
        new HookPoint(
            CLIENT,
            "New",
            "(Ljava/net/URL;Ljava/net/Proxy;IZLsun/net/www/protocol/http/HttpURLConnection;)"
                + "Lsun/net/www/http/HttpClient;",
            NewClientAdvice.class),
        new HookPoint(CLIENT, "finished", "()V", FinishedAdvice.class),
        new HookPoint(CLIENT, "closeServer", "()V", CloseAdvice.class),
        new HookPoint(CLIENT, "closeIdleConnection", "()V", CloseIdleAdvice.class),
        new HookPoint(
            CACHE,
            "get",
            "(Ljava/net/URL;Ljava/lang/Object;)Lsun/net/www/http/HttpClient;",
            PoolLookupAdvice.class),
        new HookPoint(
            CACHE,
            "put",
            "(Ljava/net/URL;Ljava/lang/Object;Lsun/net/www/http/HttpClient;)V",
            PoolKeepAdvice.class),
        new HookPoint(
            NETWORK, "doConnect", "(Ljava/lang/String;I)Ljava/net/Socket;", DialAdvice.class));
  }

  @Override
  public List<RequiredMember> required() {
    return List.of(
        new RequiredMember(CLIENT, "reuse", "Z"),
        new RequiredMember(NETWORK, "connectTimeout", "I"),
        new RequiredMember(NETWORK, "defaultConnectTimeout", "I"),
        new RequiredMember(RequestHeaders.CONNECTION, "requests", "Lsun/net/www/MessageHeader;"),
        new RequiredMember(
            RequestHeaders.HEADER,
            "multiValueIterator",
            "(Ljava/lang/String;)Ljava/util/Iterator;"));
  }

  @Override
  public void activate() {
    Bridge.setHttpCalls(calls);
  }

  @Override
  public long uses() {
    return calls.uses();
  }
}
