package io.inmesh.agent.instrumentation;

/**
 * What is known about a hook group.
 *
 * @param reason why it is inactive or failed, or what is special; else empty
 * @param library what it hooks into
 * @param version that library's version, as seen in this process
 * @param uses how often it did something
 */
public record HookStatus(
    String name, HookState state, String reason, String library, String version, long uses) {}
