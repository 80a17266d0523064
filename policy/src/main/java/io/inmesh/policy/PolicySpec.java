package io.inmesh.policy;

/** What a resource says, by kind. Immutable, validated. */
public sealed interface PolicySpec
    permits VirtualService, DestinationRule, ServiceEntry, WorkloadEntry, Sidecar {}
