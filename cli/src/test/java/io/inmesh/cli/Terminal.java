package io.inmesh.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.inmesh.cli.terminal.Palette;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Types commands and keeps what comes back. The clock stands 90 s after the fake's resources. */
final class Terminal {

  final FakeControlServer server = new FakeControlServer();
  final Map<String, String> environment = new HashMap<>();
  String stdin = "";
  String out = "";
  String err = "";
  URI asked = URI.create("none:asked");

  /** Runs meshctl and returns its exit code. */
  int type(String... words) {
    StringWriter outText = new StringWriter();
    StringWriter errText = new StringWriter();
    Shell shell =
        new Shell(
            new ByteArrayInputStream(stdin.getBytes(StandardCharsets.UTF_8)),
            new PrintWriter(outText),
            new PrintWriter(errText),
            false,
            Palette.PLAIN,
            Palette.PLAIN,
            environment,
            InstantSource.fixed(Instant.parse("2026-01-01T00:01:30Z")),
            address -> {
              asked = address;
              return server;
            });
    int code = Meshctl.run(shell, new ObjectMapper(), List.of(words));
    shell.out().flush();
    shell.err().flush();
    out = outText.toString();
    err = errText.toString();
    return code;
  }
}
