package io.inmesh.policy;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Changes to the headers of a request and of its response, of a rule or of one destination. */
public record HeaderOperations(Changes request, Changes response) {

  /** Changes nothing. */
  public static final HeaderOperations NONE = new HeaderOperations(Changes.NONE, Changes.NONE);

  /**
   * Changes to one set of headers: what is removed, then what is set or added. Names are in any
   * case, as written; values are templates with Envoy's command operators, {@code %REQ(x-user)%},
   * known to be sound ({@code %%} is a percent sign).
   *
   * @param set replaces the values that there are, in the order written
   * @param add adds a value to those that there are, in the order written
   * @param remove names
   */
  public record Changes(Map<String, String> set, Map<String, String> add, List<String> remove) {

    /** Changes nothing. */
    public static final Changes NONE = new Changes(Map.of(), Map.of(), List.of());

    public Changes {
      set = Collections.unmodifiableMap(new LinkedHashMap<>(set));
      add = Collections.unmodifiableMap(new LinkedHashMap<>(add));
      remove = List.copyOf(remove);
    }
  }
}
