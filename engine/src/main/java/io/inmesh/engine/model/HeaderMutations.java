package io.inmesh.engine.model;

import java.util.List;

/**
 * Changes to the headers of a request or a response: first what is removed, then what is set or
 * added, in order (Envoy: request_headers_to_remove, request_headers_to_add).
 *
 * @param remove names in lower case
 */
public record HeaderMutations(List<String> remove, List<Value> values) {
  /** Changes nothing. */
  public static final HeaderMutations NONE = new HeaderMutations(List.of(), List.of());

  public HeaderMutations {
    remove = List.copyOf(remove);
    values = List.copyOf(values);
  }

  /**
   * A header to set or to add.
   *
   * @param name in lower case
   * @param template text with Envoy's substitutions, such as {@code %REQ(x-user)%}; see {@link
   *     HeaderTemplate}, which must accept it
   * @param append true adds a value, false replaces the values that there are
   */
  public record Value(String name, String template, boolean append) {
    public Value {
      // Refused here, so that whoever prepares it later cannot fail.
      HeaderTemplate.parse(template);
    }
  }
}
