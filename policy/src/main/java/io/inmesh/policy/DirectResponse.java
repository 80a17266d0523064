package io.inmesh.policy;

/**
 * Answers calls without sending them.
 *
 * @param status 200-599
 * @param body "" = none. A body that was written as bytes is UTF-8 text.
 */
public record DirectResponse(int status, String body) {}
