package io.inmesh.cli;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** What a user typed wrongly. */
final class Usage {

  private Usage() {}

  /** To be thrown by a command: the message, a hint at its help, and exit code 2. */
  static ParameterException error(@Nullable CommandSpec spec, String message) {
    return new ParameterException(Objects.requireNonNull(spec).commandLine(), message);
  }
}
