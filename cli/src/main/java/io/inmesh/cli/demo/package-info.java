/**
 * {@code meshctl demo}: a story told with real processes, each step checked by counting. Drives
 * meshctl's own commands, the files under {@code examples/canary}, and the packaged agent: what
 * users have. And {@code meshctl storefront}: the same processes, for users to play with.
 *
 * <p>May depend on {@code io.inmesh.cli.api}, {@code io.inmesh.cli.terminal} and Jackson. Start
 * reading at {@link io.inmesh.cli.demo.CanaryStory}.
 */
@NullMarked
package io.inmesh.cli.demo;

import org.jspecify.annotations.NullMarked;
