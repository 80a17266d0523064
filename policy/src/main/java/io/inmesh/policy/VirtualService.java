package io.inmesh.policy;

import java.util.List;

/**
 * How calls to hosts are routed: the first route that matches takes the call; none means 404.
 *
 * @param hosts as written (short names are short); {@link Hosts#fqdn} completes them
 * @param gateways {@code [mesh]}, the only gateway there is so far
 * @see <a href="https://istio.io/latest/docs/reference/config/networking/virtual-service/">Istio's
 *     reference</a>
 */
public record VirtualService(List<String> hosts, List<String> gateways, List<HttpRoute> http)
    implements PolicySpec {

  public VirtualService {
    hosts = List.copyOf(hosts);
    gateways = List.copyOf(gateways);
    http = List.copyOf(http);
  }
}
