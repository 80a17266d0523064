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
  private static final String CLIENT = JdkAccess.CLIENT;
  private static final String CACHE = "sun.net.www.http.KeepAliveCache";
  private static final String HEADER = "Lsun/net/www/MessageHeader;";
  private static final String NETWORK = "sun.net.NetworkClient";

  private final HttpUrlConnectionCalls calls;

  /**
   * Wires the hooks.
   *
   * @param firstSight called with the authority before each decision; blocks while the first
   *     configuration of a host is on its way, and returns at once afterwards
   * @param sourceAddress this process's own, as those see it whom it calls
   * @param instrumentation lets this module, and nobody else, read the JDK's request headers
   */
  public HttpUrlConnectionModule(
      OutboundPipeline pipeline,
      Consumer<String> firstSight,
      String sourceAddress,
      Instrumentation instrumentation) {
    this.calls =
        new HttpUrlConnectionCalls(
            pipeline, firstSight, new JdkAccess(instrumentation), sourceAddress, System::nanoTime);
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
        new HookPoint(
            CLIENT,
            "writeRequests",
            "(Lsun/net/www/MessageHeader;Lsun/net/www/http/PosterOutputStream;)V",
            WriteAdvice.class),
        new HookPoint(CLIENT, "parseHTTP", parseDescriptor(), AnswerAdvice.class),
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
        new RequiredMember(CLIENT, "keepingAlive", "Z"),
        new RequiredMember(CLIENT, "failedOnce", "Z"),
        new RequiredMember(CLIENT, "streaming", "Z"),
        new RequiredMember(CLIENT, "requests", HEADER),
        new RequiredMember(CLIENT, "poster", "Lsun/net/www/http/PosterOutputStream;"),
        new RequiredMember(CLIENT, "openServer", "(Ljava/lang/String;I)V"),
        new RequiredMember(NETWORK, "serverSocket", "Ljava/net/Socket;"),
        new RequiredMember(NETWORK, "connectTimeout", "I"),
        new RequiredMember(NETWORK, "defaultConnectTimeout", "I"),
        new RequiredMember(JdkAccess.CONNECTION, "requests", HEADER),
        new RequiredMember(JdkAccess.HEADER, "<init>", "()V"),
        new RequiredMember(JdkAccess.HEADER, "getKey", "(I)Ljava/lang/String;"),
        new RequiredMember(JdkAccess.HEADER, "getValue", "(I)Ljava/lang/String;"),
        new RequiredMember(JdkAccess.HEADER, "add", "(Ljava/lang/String;Ljava/lang/String;)V"),
        new RequiredMember(JdkAccess.HEADER, "remove", "(Ljava/lang/String;)V"),
        new RequiredMember(JdkAccess.HEADER, "reset", "()V"));
  }

  /** Its second parameter was there for progress bars, and is gone in newer JDKs. */
  private static String parseDescriptor() {
    String progress = "";
    try {
      Class.forName("sun.net.ProgressSource", false, null);
      progress = "Lsun/net/ProgressSource;";
    } catch (ClassNotFoundException e) {
      // A newer JDK.
    }
    return "(" + HEADER + progress + "Lsun/net/www/protocol/http/HttpURLConnection;)Z";
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
