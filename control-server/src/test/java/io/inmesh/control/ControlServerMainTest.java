package io.inmesh.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What keeps the server from starting, as its operator reads it. */
class ControlServerMainTest {
  @TempDir private Path folder = Path.of("");
  private final StringWriter err = new StringWriter();

  @Test
  void server_onATakenPort_saysSoAndOpensNothing() throws IOException {
    Path data = folder.resolve("data");
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + taken.getLocalPort();
      assertThat(run("--listen", address, "--data", data.toString())).isEqualTo(1);
      assertThat(err.toString())
          .isEqualTo(
              "Error: cannot listen on "
                  + address
                  + ": another program does, maybe a control server; stop it, or choose another"
                  + " port with --listen HOST:PORT.\n");
    }
    assertThat(data).doesNotExist();
  }

  @Test
  void server_onDataThatIsAFile_saysSo() throws IOException {
    Path file = Files.createFile(folder.resolve("README.md"));
    assertThat(run("--listen", "127.0.0.1:0", "--data", file.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("(" + file + " is a file)").contains("--data DIR");
  }

  @Test
  void server_misused_isToldAsByTheOtherVerbs() {
    assertThat(run("--listen", "nowhere")).isEqualTo(2);
    assertThat(err.toString())
        .isEqualTo(
            """
            Error: --listen: "nowhere" is not HOST:PORT, such as 127.0.0.1:15010
            See `meshctl server --help`.
            """);
  }

  private int run(String... options) {
    CommandLine line = ControlServerMain.commandLine();
    line.setErr(new PrintWriter(err, true));
    String[] words = new String[options.length + 1];
    words[0] = "server";
    System.arraycopy(options, 0, words, 1, options.length);
    return line.execute(words);
  }
}
