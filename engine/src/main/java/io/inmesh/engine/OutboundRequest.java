package io.inmesh.engine;

import io.inmesh.engine.route.RequestFields;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request as it is matched: its path is normalized and split once, the rest is looked up on
 * demand. Used during {@link OutboundPipeline#begin} only.
 */
final class OutboundRequest implements RequestFields {
  private final RequestView view;
  private final String target;
  private final String path;
  private @Nullable String host;

  /** The target is the view's path and query, normalized. */
  OutboundRequest(RequestView view, String target) {
    this.view = view;
    this.target = target;
    int mark = target.indexOf('?');
    this.path = mark < 0 ? target : target.substring(0, mark);
  }

  @Override
  public @Nullable String field(String pseudoHeader) {
    return switch (pseudoHeader) {
      case ":authority" -> host();
      case ":method" -> view.method();
      case ":scheme" -> scheme();
      case ":path" -> target;
      default -> null;
    };
  }

  @Override
  public String authority() {
    return view.authority();
  }

  @Override
  public List<String> header(String name) {
    return view.header(name);
  }

  @Override
  public String path() {
    return path;
  }

  @Override
  public String query() {
    return target.length() == path.length() ? "" : target.substring(path.length() + 1);
  }

  RequestView view() {
    return view;
  }

  /** Path and query. */
  String target() {
    return target;
  }

  /** What Host says: without the port that the scheme implies, as libraries write it. */
  String host() {
    String known = host;
    if (known == null) {
      String authority = view.authority();
      String implied = view.scheme().equals("https") ? ":443" : ":80";
      known =
          authority.endsWith(implied)
              ? authority.substring(0, authority.length() - implied.length())
              : authority;
      host = known;
    }
    return known;
  }

  /** What the caller before us used, if it says so: Envoy believes X-Forwarded-Proto. */
  String scheme() {
    List<String> forwarded = view.header("x-forwarded-proto");
    if (forwarded.size() == 1) {
      String value = forwarded.get(0);
      if (value.equals("http") || value.equals("https")) {
        return value;
      }
    }
    return view.scheme();
  }

  /** The first value of a header or pseudo header; null if there is none. */
  @Nullable String first(String name) {
    if (name.startsWith(":") || name.equals("host")) {
      return field(name.equals("host") ? ":authority" : name);
    }
    List<String> values = view.header(name);
    return values.isEmpty() ? null : values.get(0);
  }
}
