package io.inmesh.engine;

import java.util.List;

/**
 * What the engine needs to see of an outbound request; an adaptation implements it over its
 * library's request. Read on the calling thread, during {@link OutboundPipeline#begin} only.
 */
public interface RequestView {
  /** Host and port as the application wrote them, such as {@code orders:8080}. */
  String authority();

  String method();

  /** {@code http} or {@code https}. */
  String scheme();

  /** Path and query, as the application wrote them. */
  String path();

  /** The caller's own address, for a hash of it; empty if it is not known. */
  default String sourceAddress() {
    return "";
  }

  /** As on the request line. */
  default String protocol() {
    return "HTTP/1.1";
  }

  /**
   * False if no header's name begins with {@code x-envoy-}: then none of those is looked for that
   * would steer Envoy (such as {@code x-envoy-retry-on}) and that are taken away.
   */
  default boolean mayHaveControlHeaders() {
    return true;
  }

  /** How many headers the request will have, {@code Host} included; 0 if that is not known. */
  default int headerCount() {
    return 0;
  }

  /** How many bytes its head will have on the wire, with all line ends; 0 if not known. */
  default long headSize() {
    return 0;
  }

  /** All values of a header, whose name is given in lower case; empty if there is none. */
  List<String> header(String name);
}
