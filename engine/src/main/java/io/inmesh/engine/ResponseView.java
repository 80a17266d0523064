package io.inmesh.engine;

import java.util.List;

/**
 * What the engine needs to see of a response's head; an adaptation implements it over its library's
 * response. Read on the calling thread, during a method of {@link OutboundCall} only.
 */
public interface ResponseView {
  int status();

  /** All values of a header, whose name is given in lower case; empty if there is none. */
  List<String> header(String lowerCaseName);
}
