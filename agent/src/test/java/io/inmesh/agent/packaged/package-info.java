/**
 * Tests of {@code target/inmesh-agent.jar}, run by Maven after it is packaged. Start reading at
 * {@link io.inmesh.agent.packaged.PackagedSmokeTest}.
 */
@NullMarked
package io.inmesh.agent.packaged;

import org.jspecify.annotations.NullMarked;
