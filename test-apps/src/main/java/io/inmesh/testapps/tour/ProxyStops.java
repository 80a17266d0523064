package io.inmesh.testapps.tour;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;

/** Proxies: explicit, selected, by system property, failing. */
@SuppressWarnings("AddressSelection") // The hosts file has one address for each name.
final class ProxyStops {
  private final Transcript transcript;
  private final Places places;

  ProxyStops(Transcript transcript, Places places) {
    this.transcript = transcript;
    this.places = places;
  }

  void visit() {
    transcript.stop(
        "http proxy",
        () -> {
          through(http("proxy"), "/ok");
          through(http("proxy"), "/ok?again");
        });
    transcript.stop("http proxy with password", () -> through(http("proxy"), "/needs-password"));
    transcript.stop("http proxy, name only it knows", this::unknownName);
    transcript.stop("refused proxy", () -> through(http("refused"), "/ok"));
    transcript.stop("no proxy", () -> through(Proxy.NO_PROXY, "/ok"));
    transcript.stop("socks proxy", () -> through(socks("socks"), "/ok"));
    transcript.stop("refused socks proxy", () -> through(socks("refused"), "/ok"));
    transcript.stop("unresolved proxy", this::unresolvedProxy);
    transcript.stop("null proxy", () -> new URL(places.url("/ok")).openConnection(null));
    transcript.stop("https through a proxy", this::httpsThroughProxy);
    transcript.stop("selector", this::selector);
    transcript.stop("selector with a fallback", this::selectorWithFallback);
    transcript.stop("selector without an answer", this::selectorWithoutAnswer);
    transcript.stop("system properties", this::systemProperties);
  }

  private void through(Proxy proxy, String path) throws Exception {
    HttpURLConnection connection = places.open(path, proxy);
    connection.setAuthenticator(new CredentialStops.Anna("secret"));
    transcript.see("before", connection::usingProxy);
    transcript.see("code", connection::getResponseCode);
    transcript.see("proxy", connection::usingProxy);
    transcript.see("body", () -> Transcript.text(connection.getInputStream()));
    transcript.see("url", connection::getURL);
  }

  private void unknownName() throws Exception {
    HttpURLConnection connection =
        (HttpURLConnection) new URL("http://nowhere.test/ok").openConnection(http("proxy"));
    transcript.see("body", () -> Transcript.text(connection.getInputStream()));
  }

  private void unresolvedProxy() throws Exception {
    Proxy proxy = new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved("nowhere.test", 9));
    through(proxy, "/ok");
  }

  private void httpsThroughProxy() throws Exception {
    HttpURLConnection connection =
        (HttpURLConnection) new URL("https://alpha.test:9/ok").openConnection(http("proxy"));
    transcript.see("code", connection::getResponseCode);
    transcript.see("proxy", connection::usingProxy);
    transcript.see("body", () -> Transcript.text(connection.getInputStream()));
  }

  private void selector() throws Exception {
    withSelector(List.of(http("proxy")));
  }

  private void selectorWithFallback() throws Exception {
    withSelector(List.of(http("refused"), http("proxy")));
  }

  private void selectorWithoutAnswer() throws Exception {
    withSelector(List.of());
  }

  private void withSelector(List<Proxy> proxies) throws Exception {
    ProxySelector before = ProxySelector.getDefault();
    Recording recording = new Recording(proxies);
    ProxySelector.setDefault(recording);
    try {
      HttpURLConnection connection = places.open("/ok?selected");
      transcript.see("code", connection::getResponseCode);
      transcript.see("proxy", connection::usingProxy);
      transcript.see("body", () -> Transcript.text(connection.getInputStream()));
      HttpURLConnection redirected = places.open("/redirect/302?" + places.elsewhere("/ok"));
      transcript.see("redirected", redirected::getResponseCode);
      transcript.see("asked", () -> recording.asked);
    } finally {
      ProxySelector.setDefault(before);
    }
  }

  private void systemProperties() throws Exception {
    System.setProperty("http.proxyHost", "127.0.0.1");
    System.setProperty("http.proxyPort", String.valueOf(places.port("proxy")));
    System.setProperty("http.nonProxyHosts", "beta*");
    try {
      HttpURLConnection proxied = places.open("/ok?property");
      transcript.see("proxied", proxied::getResponseCode);
      transcript.see("proxy", proxied::usingProxy);
      HttpURLConnection direct = places.openUrl(places.elsewhere("/ok?direct"));
      transcript.see("direct", direct::getResponseCode);
      transcript.see("proxy", direct::usingProxy);
    } finally {
      System.clearProperty("http.proxyHost");
      System.clearProperty("http.proxyPort");
      System.clearProperty("http.nonProxyHosts");
    }
  }

  private Proxy http(String port) {
    return new Proxy(Proxy.Type.HTTP, new InetSocketAddress("proxy.test", places.port(port)));
  }

  private Proxy socks(String port) {
    return new Proxy(Proxy.Type.SOCKS, new InetSocketAddress("proxy.test", places.port(port)));
  }

  /** Answers the same to everybody, and remembers what it was asked. */
  private static final class Recording extends ProxySelector {
    private final List<Proxy> proxies;
    private final List<String> asked = new ArrayList<>();

    Recording(List<Proxy> proxies) {
      this.proxies = proxies;
    }

    @Override
    public List<Proxy> select(URI uri) {
      asked.add("select " + uri);
      return proxies;
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException failure) {
      asked.add("failed " + uri + " " + address + " " + failure.getMessage());
    }
  }
}
