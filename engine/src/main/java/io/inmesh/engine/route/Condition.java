package io.inmesh.engine.route;

import java.util.List;

/**
 * One condition of a route, held against one request, for people.
 *
 * @param field as policy names it: {@code uri}, {@code method}, {@code headers["end-user"]}, {@code
 *     queryParams["v"]}
 * @param wanted as policy says it: {@code exact "jason"}
 * @param found what the request has there; empty: nothing
 * @param holds whether the request fulfils it
 */
public record Condition(String field, String wanted, List<String> found, boolean holds) {
  public Condition {
    found = List.copyOf(found);
  }
}
