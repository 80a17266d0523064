package io.inmesh.policy;

import org.jspecify.annotations.Nullable;

/**
 * Another VirtualService, one without hosts, whose rules take the place of a rule.
 *
 * @param name "" names none: the rule is dropped, as when there is no such VirtualService
 * @param namespace null = the namespace of the delegating resource
 */
public record Delegate(String name, @Nullable String namespace) {}
