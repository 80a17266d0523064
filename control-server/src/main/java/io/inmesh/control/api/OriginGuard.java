package io.inmesh.control.api;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.DecoratingHttpServiceFunction;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Keeps web pages away from a plaintext API on loopback: a page whose name was rebound to 127.0.0.1
 * still sends its own name as {@code Host}, and a page of another origin says so in {@code Origin}.
 * It guards against a browser on the operator's machine, not against other users of the machine.
 *
 * <p>Off loopback (which takes a flag) any {@code Host} is accepted: names are the operator's own.
 */
public final class OriginGuard implements DecoratingHttpServiceFunction {
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}|\\[::1]|\\[0:0:0:0:0:0:0:1]");
  private static final Set<HttpMethod> READS =
      Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

  private final boolean anyHost;

  /**
   * @param loopback whether the server listens on loopback only
   */
  public OriginGuard(boolean loopback) {
    this.anyHost = !loopback;
  }

  @Override
  public HttpResponse serve(HttpService delegate, ServiceRequestContext ctx, HttpRequest request)
      throws Exception {
    String authority = String.valueOf(request.authority());
    String host = host(authority);
    if (!anyHost && !LOOPBACK.matcher(host).matches()) {
      return refuse(
          "Host \""
              + authority
              + "\" is not this server: it listens on loopback and answers to localhost and"
              + " 127.x.x.x only");
    }
    String origin = request.headers().get(HttpHeaderNames.ORIGIN, "");
    if (!origin.isEmpty()
        && !READS.contains(request.method())
        && !origin.equalsIgnoreCase("http://" + authority)) {
      return refuse("a page of " + origin + " must not write here");
    }
    return delegate.serve(ctx, request);
  }

  private static HttpResponse refuse(String message) {
    ApiException refused = ApiException.forbidden(message);
    return Json.response(refused.code(), refused.status());
  }

  private static String host(String authority) {
    int colon = authority.lastIndexOf(':');
    boolean port = colon >= 0 && authority.indexOf(']', colon) < 0;
    return (port ? authority.substring(0, colon) : authority).toLowerCase(Locale.ROOT);
  }
}
