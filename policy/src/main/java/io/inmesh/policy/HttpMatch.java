package io.inmesh.policy;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Conditions on a request, all of which must hold; a null or empty one asks nothing.
 *
 * @param name "" when it has none
 * @param uri on the path without the query; {@link StringMatch.Present} asks nothing
 * @param ignoreUriCase whether an exact or prefix {@code uri} ignores case
 * @param headers by name in lower case; {@link StringMatch.Present} asks for the header's presence
 * @param withoutHeaders none of these may match; a missing header counts as empty
 * @param queryParams by name, case-sensitive
 * @param port the service port called; 0 = any
 */
public record HttpMatch(
    String name,
    @Nullable StringMatch uri,
    boolean ignoreUriCase,
    @Nullable StringMatch method,
    @Nullable StringMatch scheme,
    @Nullable StringMatch authority,
    Map<String, StringMatch> headers,
    Map<String, StringMatch> withoutHeaders,
    Map<String, StringMatch> queryParams,
    int port) {

  public HttpMatch {
    headers = Map.copyOf(headers);
    withoutHeaders = Map.copyOf(withoutHeaders);
    queryParams = Map.copyOf(queryParams);
  }
}
