package io.inmesh.engine.explain;

import io.inmesh.engine.RequestView;
import java.util.List;
import java.util.Locale;

/**
 * A request that somebody asks about.
 *
 * @param authority host and port in lower case, as agents know hosts: {@code orders:8080}
 * @param path path and query
 */
public record AskedRequest(String method, String authority, String path, List<Header> headers)
    implements RequestView {
  /** One of its headers; {@code name} in any case. */
  public record Header(String name, String value) {}

  public AskedRequest {
    headers = List.copyOf(headers);
  }

  @Override
  public String scheme() {
    return "http";
  }

  @Override
  public boolean mayHaveControlHeaders() {
    return headers.stream()
        .anyMatch(header -> header.name().toLowerCase(Locale.ROOT).startsWith("x-envoy-"));
  }

  @Override
  public List<String> header(String name) {
    return headers.stream()
        .filter(header -> header.name().equalsIgnoreCase(name))
        .map(Header::value)
        .toList();
  }

  @Override
  public int headerCount() {
    return headers.size() + 1; // And Host.
  }

  @Override
  public long headSize() {
    long size = (method + " " + path + " HTTP/1.1\r\nhost: " + authority + "\r\n\r\n").length();
    for (Header header : headers) {
      size += (header.name() + ": " + header.value() + "\r\n").length();
    }
    return size;
  }
}
