package io.inmesh.policy;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The kinds of resource that policy is written in, with the names that Kubernetes tools know. */
public enum Kind {
  VIRTUAL_SERVICE("VirtualService", "virtualservices", "vs"),
  DESTINATION_RULE("DestinationRule", "destinationrules", "dr"),
  SERVICE_ENTRY("ServiceEntry", "serviceentries", "se"),
  WORKLOAD_ENTRY("WorkloadEntry", "workloadentries", "we"),
  /** Without a short name in Kubernetes too. */
  SIDECAR("Sidecar", "sidecars", "sidecar");

  /** The API group of every kind here. */
  public static final String NETWORKING_GROUP = "networking.istio.io";

  private final String kind;
  private final String plural;
  private final String shortName;

  Kind(String kind, String plural, String shortName) {
    this.kind = kind;
    this.plural = plural;
    this.shortName = shortName;
  }

  /**
   * The kind that a user means by a name: its kind ({@code VirtualService}), plural, singular or
   * short name, in any case.
   */
  public static Optional<Kind> of(String name) {
    String wanted = name.toLowerCase(Locale.ROOT);
    for (Kind candidate : values()) {
      if (wanted.equals(candidate.plural)
          || wanted.equals(candidate.shortName)
          || wanted.equals(candidate.singular())) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }

  /** As written in a document's {@code kind}: {@code VirtualService}. */
  public String kind() {
    return kind;
  }

  /** As in a REST path: {@code virtualservices}. */
  public String plural() {
    return plural;
  }

  /** As Kubernetes names one of them: {@code virtualservice}. */
  public String singular() {
    return kind.toLowerCase(Locale.ROOT);
  }

  /** As typed in a hurry: {@code vs}. */
  public String shortName() {
    return shortName;
  }

  /** The API group: {@code networking.istio.io}. */
  public String group() {
    return NETWORKING_GROUP;
  }

  /** The versions that the kind is served and accepted under, the preferred one first. */
  public List<String> versions() {
    return List.of("v1", "v1beta1", "v1alpha3");
  }

  @Override
  public String toString() {
    return kind;
  }
}
