package io.inmesh.cli;

import io.inmesh.cli.api.RefusedException;
import io.inmesh.cli.api.UnreachableException;
import io.inmesh.cli.terminal.Tone;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Tells on standard error what went wrong and what to do next. */
final class ErrorReport {

  private ErrorReport() {}

  /** Tells an error. */
  static void error(Shell shell, @Nullable String message) {
    shell.err().println(shell.errorPalette().paint(Tone.BAD, "Error:") + " " + message);
  }

  /** Tells a warning. */
  static void warning(Shell shell, String message) {
    shell.err().println(shell.errorPalette().paint(Tone.CAUTION, "Warning:") + " " + message);
  }

  /** Tells what the control server refused, and each of its reasons. */
  static void refusal(Shell shell, String subject, RefusedException refused) {
    String message = String.valueOf(refused.getMessage());
    error(shell, subject + message);
    for (RefusedException.Cause cause : refused.causes()) {
      // A Status's message usually holds its only cause.
      if (!message.contains(cause.message())) {
        String field = cause.field().isEmpty() ? "" : cause.field() + ": ";
        shell.err().println("  " + field + cause.message());
      }
    }
  }

  /** Tells what is wrong with the words of a command; the exit code. */
  static int misused(Shell shell, ParameterException problem) {
    CommandLine command = problem.getCommandLine();
    error(shell, problem.getMessage());
    if (!CommandLine.UnmatchedArgumentException.printSuggestions(problem, shell.err())) {
      shell.err().println("See `" + command.getCommandSpec().qualifiedName() + " --help`.");
    }
    return CommandLine.ExitCode.USAGE;
  }

  /** Tells why a command failed; the exit code. */
  static int failed(Shell shell, Exception problem) {
    if (problem instanceof ParameterException usage) {
      return misused(shell, usage);
    }
    if (problem instanceof UnreachableException) {
      error(shell, problem.getMessage() + ".");
      shell
          .err()
          .println(
              "Start one with `meshctl server`, or name another with --server URL or"
                  + " MESHCTL_SERVER.");
    } else if (problem instanceof RefusedException refused) {
      refusal(shell, "", refused);
    } else if (problem instanceof UnusableFileException) {
      error(shell, problem.getMessage());
    } else {
      error(shell, "unexpected: " + problem);
      problem.printStackTrace(shell.err());
      shell.err().println("This is a defect of meshctl; please report it with the lines above.");
    }
    return Meshctl.FAILED;
  }
}
