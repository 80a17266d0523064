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

  /** Path and query. */
  String path();

  /** The caller's own address, for a hash of it; empty if it is not known. */
  default String sourceAddress() {
    return "";
  }

  /** All values of a header, whose name is given in lower case; empty if there is none. */
  List<String> header(String name);
}
