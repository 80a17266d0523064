package io.inmesh.control.compile;

import io.inmesh.control.registry.StoredPolicy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What policy says about an authority to one client, for people.
 *
 * @param host the mesh host that the authority stands for; empty: none
 * @param service the service that it belongs to: itself, or the wildcard host of a ServiceEntry
 * @param port that is called; 0: the authority has none that could be one
 * @param owner the VirtualService that counts; null: none does
 * @param rules of the owner, in order
 * @param others VirtualServices that name the host as well, and do not count
 * @param reasons why the host is none of the mesh's; empty: it is
 */
public record HostReport(
    Fate fate,
    String host,
    String service,
    int port,
    @Nullable StoredPolicy owner,
    List<Rule> rules,
    List<Other> others,
    List<String> reasons) {
  public HostReport {
    rules = List.copyOf(rules);
    others = List.copyOf(others);
    reasons = List.copyOf(reasons);
  }

  /** What policy makes of calls to the authority. */
  public enum Fate {
    /** They are routed. */
    ROUTED,
    /** They pass as without an agent. */
    UNTOUCHED,
    /** They fail, as a Sidecar refuses unknown hosts (REGISTRY_ONLY). */
    REFUSED
  }

  /**
   * A rule of the owner.
   *
   * @param place as {@link PlacedRule#place}
   * @param matches empty: it takes every request
   * @param retries where its retries come from
   * @param dropped why it does not count; empty: it does
   */
  public record Rule(
      String place, String name, List<Match> matches, RetrySource retries, String dropped) {
    public Rule {
      matches = List.copyOf(matches);
    }
  }

  /** Where a rule's retries come from. */
  public enum RetrySource {
    /** It says what is retried, or that nothing is. */
    WRITTEN,
    /** It says nothing: Istio's default. */
    DEFAULT,
    /** It gives a try a time and does not say what is retried: by the method (D4a). */
    BY_METHOD
  }

  /**
   * A match of a rule.
   *
   * @param notForClient what of the client does not fit; null: it is for this client
   */
  public record Match(int index, String name, @Nullable Misfit notForClient) {}

  /** A condition on the client or the port, what it wants and what there is instead. */
  public record Misfit(String field, String wanted, String found) {}

  /** A VirtualService that does not count, and why. */
  public record Other(StoredPolicy policy, String reason) {}
}
