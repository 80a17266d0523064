package io.inmesh.engine.route;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request as route matching sees it: pseudo headers, headers, and the path split at the query.
 */
public interface RequestFields {
  /** The value of {@code :authority}, {@code :method}, {@code :scheme} or {@code :path}. */
  @Nullable String field(String pseudoHeader);

  /** What virtual hosts are found by: the host, with the port if it is known. */
  default @Nullable String authority() {
    return field(":authority");
  }

  /** All values of a header in lower case; empty if there is none. */
  List<String> header(String name);

  /** The path without query. */
  String path();

  /** What follows the first {@code ?}; empty if nothing does. */
  String query();
}
