package io.inmesh.golden;

import io.inmesh.golden.GoldenCase.Header;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the application got.
 *
 * @param status 0: the mesh left the call alone
 * @param body of a local reply; null if a backend answered
 * @param backend the instance that answered; null if none did
 * @param flags as the engine says them
 * @param lost nothing came, and the application has its own exception: headers are not known
 * @param why details, cluster and route; for understanding
 */
public record Outcome(
    int status,
    boolean truncated,
    List<Header> headers,
    @Nullable String body,
    @Nullable String backend,
    String flags,
    boolean lost,
    String why,
    Duration elapsed) {}
