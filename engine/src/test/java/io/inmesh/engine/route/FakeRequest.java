package io.inmesh.engine.route;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A GET to {@code orders:8080}, unless told otherwise. */
final class FakeRequest implements RequestFields {
  private final Map<String, List<String>> headers = new HashMap<>();
  private final String authority;
  private final String pathAndQuery;

  FakeRequest(String pathAndQuery) {
    this("orders:8080", pathAndQuery);
  }

  FakeRequest(String authority, String pathAndQuery) {
    this.authority = authority;
    this.pathAndQuery = pathAndQuery;
  }

  FakeRequest with(String header, String value) {
    headers.computeIfAbsent(header, h -> new ArrayList<>()).add(value);
    return this;
  }

  @Override
  public @Nullable String field(String pseudoHeader) {
    return switch (pseudoHeader) {
      case ":authority" -> authority;
      case ":method" -> "GET";
      case ":scheme" -> "http";
      case ":path" -> pathAndQuery;
      default -> null;
    };
  }

  @Override
  public List<String> header(String name) {
    return headers.getOrDefault(name, List.of());
  }

  @Override
  public String path() {
    int mark = pathAndQuery.indexOf('?');
    return mark < 0 ? pathAndQuery : pathAndQuery.substring(0, mark);
  }

  @Override
  public String query() {
    int mark = pathAndQuery.indexOf('?');
    return mark < 0 ? "" : pathAndQuery.substring(mark + 1);
  }
}
