package io.inmesh.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.inmesh.cli.api.ControlServer;
import io.inmesh.cli.api.HttpControlServer;
import io.inmesh.cli.terminal.Palette;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Function;

/**
 * What a command is run in: its streams, the user's environment, the clock, and the way to a
 * control server.
 *
 * @param terminal whether standard output is one
 * @param palette for standard output
 * @param errorPalette for standard error
 */
record Shell(
    InputStream in,
    PrintWriter out,
    PrintWriter err,
    boolean terminal,
    Palette palette,
    Palette errorPalette,
    Map<String, String> environment,
    InstantSource clock,
    Function<URI, ControlServer> servers) {

  /**
   * The real one. The launcher says by system properties which stream is a terminal, as Java 17
   * cannot tell.
   */
  static Shell ofProcess(ObjectMapper json, StandardOutput stdout) {
    Map<String, String> environment = System.getenv();
    boolean terminal = Boolean.getBoolean("inmesh.cli.stdout.terminal");
    return new Shell(
        System.in,
        new PrintWriter(stdout, true, StandardCharsets.UTF_8),
        new PrintWriter(System.err, true, StandardCharsets.UTF_8),
        terminal,
        Palette.of(terminal, environment),
        Palette.of(Boolean.getBoolean("inmesh.cli.stderr.terminal"), environment),
        environment,
        InstantSource.system(),
        address -> new HttpControlServer(address, json));
  }
}
