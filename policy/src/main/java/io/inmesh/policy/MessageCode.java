package io.inmesh.policy;

import java.util.Arrays;
import java.util.Optional;

/**
 * What kinds of message there are about policy. Those whose id begins with {@code IST} are Istio's,
 * with Istio's name, level and meaning; Istio has none for what the others say.
 *
 * @see <a href="https://istio.io/latest/docs/reference/config/analysis/">Istio's messages</a>
 */
public enum MessageCode {
  DEPRECATED("IST0002", "Deprecated", MessageLevel.WARNING, "a field has a successor"),
  REFERENCED_RESOURCE_NOT_FOUND(
      "IST0101",
      "ReferencedResourceNotFound",
      MessageLevel.ERROR,
      "a host, port, subset, delegate or selected workload is not there"),
  SCHEMA_VALIDATION_ERROR(
      "IST0106",
      "SchemaValidationError",
      MessageLevel.ERROR,
      "the resource is refused, and not part of the analysis"),
  CONFLICTING_HOSTS(
      "IST0109",
      "ConflictingMeshGatewayVirtualServiceHosts",
      MessageLevel.ERROR,
      "several VirtualServices define one host: they do not merge"),
  CONFLICTING_SIDECARS(
      "IST0110",
      "ConflictingSidecarWorkloadSelectors",
      MessageLevel.ERROR,
      "several Sidecars select one workload"),
  SIDECARS_WITHOUT_SELECTOR(
      "IST0111",
      "MultipleSidecarsWithoutWorkloadSelectors",
      MessageLevel.ERROR,
      "a namespace has several Sidecars without a selector"),
  DESTINATION_PORT_REQUIRED(
      "IST0112",
      "VirtualServiceDestinationPortSelectorRequired",
      MessageLevel.ERROR,
      "a destination has several ports, and not the one that is called"),
  NO_MATCHING_WORKLOADS(
      "IST0127",
      "NoMatchingWorkloadsFound",
      MessageLevel.WARNING,
      "a selector selects no workload",
      true),
  UNREACHABLE_RULE(
      "IST0130",
      "VirtualServiceUnreachableRule",
      MessageLevel.WARNING,
      "earlier rules take every request that a rule matches"),
  INEFFECTIVE_MATCH(
      "IST0131",
      "VirtualServiceIneffectiveMatch",
      MessageLevel.INFO,
      "an earlier rule takes every request that one of a rule's matches matches"),
  SCHEMA_WARNING(
      "IST0133",
      "SchemaWarning",
      MessageLevel.WARNING,
      "the resource alone is questionable, in a way that has no code of its own"),
  INEFFECTIVE_POLICY(
      "IST0167",
      "IneffectivePolicy",
      MessageLevel.WARNING,
      "nothing refers to the resource, or it is for what this mesh has not",
      true),
  SUBSET_SELECTS_NOTHING(
      "IST0173",
      "DestinationRuleSubsetNotSelectPods",
      MessageLevel.ERROR,
      "no endpoint has a subset's labels: calls get 503 (UH)",
      true),
  UNKNOWN_RULE_HOST(
      "IST0174",
      "UnknownDestinationRuleHost",
      MessageLevel.WARNING,
      "a DestinationRule is for a host that no service has"),

  NO_EFFECT("INM0001", "NoEffect", MessageLevel.WARNING, "a field is accepted without effect"),
  NOT_POLICY(
      "INM0002",
      "NotPolicy",
      MessageLevel.INFO,
      "a document is another tool's: `apply` refuses it, `analyze` passes over it"),

  RULES_MERGE(
      "INM0101",
      "DestinationRulesMerge",
      MessageLevel.WARNING,
      "of several DestinationRules on one host, parts of the younger do not count"),
  RULE_HIDDEN(
      "INM0102",
      "DestinationRuleHidden",
      MessageLevel.WARNING,
      "a DestinationRule does not count for a namespace that has one of its own"),
  ENTRIES_ON_ONE_HOST(
      "INM0103",
      "ServiceEntriesOnOneHost",
      MessageLevel.WARNING,
      "of several ServiceEntries on one host, one counts"),
  HOST_WITHOUT_ENDPOINTS(
      "INM0104",
      "HostWithoutEndpoints",
      MessageLevel.WARNING,
      "a destination has no endpoint: calls get 503 (UH)",
      true),
  VIRTUAL_HOST_UNKNOWN(
      "INM0105",
      "VirtualServiceHostUnknown",
      MessageLevel.WARNING,
      "a VirtualService is for a host that no service has, and that is nearly another's"),

  RETRIES_BEYOND_TIMEOUT(
      "INM0201",
      "RetriesBeyondTimeout",
      MessageLevel.WARNING,
      "attempts x perTryTimeout is not less than timeout: the last attempts never begin"),
  PER_TRY_TIMEOUT_TOO_LONG(
      "INM0202",
      "PerTryTimeoutTooLong",
      MessageLevel.WARNING,
      "perTryTimeout is not less than timeout, and so never counts"),
  DELAY_OUTSIDE_TIMEOUT(
      "INM0203",
      "FaultDelayOutsideTimeout",
      MessageLevel.INFO,
      "an injected delay is not counted in the rule's timeout"),
  MATCH_NEVER_HOLDS(
      "INM0204", "MatchNeverHolds", MessageLevel.WARNING, "no request can meet a condition"),
  MISSING_HEADER_EXCLUDED(
      "INM0205",
      "MissingHeaderExcluded",
      MessageLevel.WARNING,
      "withoutHeaders also keeps out requests that lack the header"),
  NO_RULE_FOR_OTHERS(
      "INM0206",
      "NoRuleForOthers",
      MessageLevel.WARNING,
      "requests without a header, parameter or caller that the rules ask for get 404"),
  WEIGHT_WITHOUT_SUBSET(
      "INM0207",
      "WeightWithoutSubset",
      MessageLevel.WARNING,
      "weights divide calls between a host and its own subset"),
  DESTINATION_TWICE(
      "INM0208", "DestinationTwice", MessageLevel.WARNING, "a rule has one destination twice"),
  MIRROR_TO_ITSELF(
      "INM0209",
      "MirrorToItself",
      MessageLevel.WARNING,
      "calls are mirrored to where they go anyway"),
  REDIRECT_TO_ITSELF(
      "INM0210",
      "RedirectToItself",
      MessageLevel.WARNING,
      "a redirect leads to the rule that it is of"),
  PER_TRY_TIMEOUT_FINAL(
      "INM0212",
      "PerTryTimeoutFinal",
      MessageLevel.INFO,
      "retryOn says nothing that covers an attempt which takes longer than perTryTimeout"),
  HASH_NOT_STICKY(
      "INM0211",
      "HashNotSticky",
      MessageLevel.INFO,
      "a hash key decides the endpoint, and not which of several weighted destinations"),

  SUBSETS_ALIKE(
      "INM0301", "SubsetsAlike", MessageLevel.WARNING, "two subsets have the same endpoints"),
  SUBSET_POLICY_UNUSED(
      "INM0302",
      "SubsetPolicyUnused",
      MessageLevel.INFO,
      "a subset's trafficPolicy counts only for calls that a VirtualService sends there"),
  PORT_SETTINGS_UNUSED(
      "INM0303",
      "PortSettingsUnused",
      MessageLevel.WARNING,
      "portLevelSettings are for a port that the host has not"),
  HASH_KEY_IGNORED(
      "INM0304",
      "HashKeyIgnored",
      MessageLevel.WARNING,
      "a hash key in a subset's portLevelSettings does not count, as with Istio"),

  WORKLOAD_UNUSED(
      "INM0401",
      "WorkloadEntryUnused",
      MessageLevel.WARNING,
      "no ServiceEntry selects a WorkloadEntry",
      true),
  WORKLOAD_PORT_UNKNOWN(
      "INM0402",
      "WorkloadEntryPortUnknown",
      MessageLevel.WARNING,
      "a WorkloadEntry names a port that no ServiceEntry which selects it has"),
  ENDPOINT_TWICE(
      "INM0403", "EndpointTwice", MessageLevel.WARNING, "a ServiceEntry has one endpoint twice"),
  EGRESS_HOST_UNKNOWN(
      "INM0404",
      "EgressHostUnknown",
      MessageLevel.WARNING,
      "a Sidecar lets through a host that no service has"),

  PER_TRY_TIMEOUT_RETRIED(
      "INM0501",
      "PerTryTimeoutRetried",
      MessageLevel.INFO,
      "differs from Istio on purpose: a per-try timeout without retryOn is retried where safe"),
  EJECTS_AT_LEAST_ONE(
      "INM0502",
      "EjectsAtLeastOne",
      MessageLevel.INFO,
      "differs from Istio on purpose: one endpoint can always be ejected"),
  BEYOND_HTTP_URL_CONNECTION(
      "INM0601",
      "BeyondHttpURLConnection",
      MessageLevel.INFO,
      "HttpURLConnection, the library that is covered so far, cannot do it");

  private final String id;
  private final String title;
  private final MessageLevel level;
  private final String description;
  private final boolean settles;

  MessageCode(String id, String title, MessageLevel level, String description) {
    this(id, title, level, description, false);
  }

  MessageCode(String id, String title, MessageLevel level, String description, boolean settles) {
    this.id = id;
    this.title = title;
    this.level = level;
    this.description = description;
    this.settles = settles;
  }

  /** The code that an id ({@code IST0101}, in any case) stands for. */
  public static Optional<MessageCode> of(String id) {
    return Arrays.stream(values()).filter(code -> code.id.equalsIgnoreCase(id)).findFirst();
  }

  /** What people and scripts know it by: {@code IST0101}. */
  public String id() {
    return id;
  }

  /** In words: {@code ReferencedResourceNotFound}. */
  public String title() {
    return title;
  }

  /** How much every message of this code weighs. */
  public MessageLevel level() {
    return level;
  }

  /** What it tells. */
  public String description() {
    return description;
  }

  /** Whether the code is Istio's. */
  public boolean isIstios() {
    return id.startsWith("IST");
  }

  /**
   * Whether it often settles by itself: when instances start, or when what refers to the resource
   * is applied too. Nothing to bother those with who are just applying it.
   */
  public boolean maySettle() {
    return settles;
  }
}
