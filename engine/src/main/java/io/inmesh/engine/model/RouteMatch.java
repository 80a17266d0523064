package io.inmesh.engine.model;

import java.util.List;

/** What a request must be for a route to apply; {@code path} is compared without the query. */
public record RouteMatch(
    StringMatcher path, List<HeaderMatcher> headers, List<QueryParameterMatcher> queryParameters) {
  public RouteMatch {
    headers = List.copyOf(headers);
    queryParameters = List.copyOf(queryParameters);
  }
}
