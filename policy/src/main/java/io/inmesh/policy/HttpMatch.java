package io.inmesh.policy;

import java.util.List;
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
 * @param sourceLabels the calling workload must have all of these
 * @param sourceNamespace the calling workload's; "" = any
 * @param gateways where the match counts, {@code mesh} being every workload; empty = everywhere
 * @param statPrefix "" when it has none
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
    int port,
    Map<String, String> sourceLabels,
    String sourceNamespace,
    List<String> gateways,
    String statPrefix) {

  public HttpMatch {
    headers = Map.copyOf(headers);
    withoutHeaders = Map.copyOf(withoutHeaders);
    queryParams = Map.copyOf(queryParams);
    sourceLabels = Map.copyOf(sourceLabels);
    gateways = List.copyOf(gateways);
  }

  /** Conditions on the request alone, whoever the caller is. */
  public HttpMatch(
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
    this(
        name,
        uri,
        ignoreUriCase,
        method,
        scheme,
        authority,
        headers,
        withoutHeaders,
        queryParams,
        port,
        Map.of(),
        "",
        List.of(),
        "");
  }

  /** A condition on the path alone. */
  static HttpMatch ofUri(StringMatch uri) {
    return new HttpMatch("", uri, false, null, null, null, Map.of(), Map.of(), Map.of(), 0);
  }

  /** What is asked, without the names that tell matches apart. */
  HttpMatch unnamed() {
    return new HttpMatch(
        "",
        uri,
        ignoreUriCase,
        method,
        scheme,
        authority,
        headers,
        withoutHeaders,
        queryParams,
        port,
        sourceLabels,
        sourceNamespace,
        gateways,
        "");
  }

  /** Whether the match counts for calls inside of the mesh. */
  public boolean appliesToMesh() {
    return gateways.isEmpty() || gateways.contains(VirtualService.MESH);
  }
}
