package io.inmesh.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code meshctl}, in a copy of the repository that holds nothing but empty jars. */
final class LauncherTest {

  /** What a command printed on both streams, and its exit code. */
  private record Ran(int code, String output) {}

  @TempDir private Path folder = Path.of("");
  private Path home = Path.of("");
  private Path jdk = Path.of("");

  @BeforeEach
  void copyTheLauncher() throws IOException {
    home = Files.createDirectories(folder.resolve("a clone"));
    Files.copy(Path.of("..", "meshctl"), home.resolve("meshctl"));
    for (String module : List.of("cli", "control-server")) {
      Path target = Files.createDirectories(home.resolve(module).resolve("target"));
      Files.createFile(target.resolve("inmesh-" + module + ".jar"));
    }
    Files.createDirectories(home.resolve("cli/target/lib"));
    jdk = Files.createDirectories(folder.resolve("jdk"));
    Path java = Files.createDirectories(jdk.resolve("bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\nfor word in \"$@\"; do echo \"[$word]\"; done\n");
    assertThat(java.toFile().setExecutable(true)).isTrue();
    javaVersion("17.0.9");
  }

  @Test
  void meshctl_fromElsewhereThroughALink_findsItsJars() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("m"), home.resolve("meshctl"));
    Ran ran = run(link, "get", "two words");
    assertThat(ran.code()).isZero();
    assertThat(ran.output())
        .contains("[" + home.resolve("cli/target/inmesh-cli.jar") + "]")
        .contains("[-Dinmesh.home=" + home + "]")
        .endsWith("[io.inmesh.cli.Meshctl]\n[get]\n[two words]\n");
  }

  @Test
  void meshctl_server_becomesTheControlServer() throws Exception {
    Ran ran = run(home.resolve("meshctl"), "server", "--listen", "127.0.0.1:0");
    assertThat(ran.output())
        .endsWith(
            "[-jar]\n["
                + home.resolve("control-server/target/inmesh-control-server.jar")
                + "]\n[server]\n[--listen]\n[127.0.0.1:0]\n")
        .doesNotContain("unsafe");
    javaVersion("25.0.1");
    assertThat(run(home.resolve("meshctl"), "server").output())
        .contains("[--sun-misc-unsafe-memory-access=allow]\n");
  }

  @Test
  void meshctl_serverWithAnArchiveOfItsClasses_usesIt() throws Exception {
    Path archive = home.resolve("control-server/target/meshctl-server-17.0.9.jsa");
    Files.createFile(archive);
    Files.setLastModifiedTime(archive, FileTime.from(Instant.now().plusSeconds(60)));
    Ran ran = run(home.resolve("meshctl"), "server");
    assertThat(ran.output())
        .startsWith("[-Xshare:auto]\n[-XX:SharedArchiveFile=" + archive + "]\n[-jar]");
  }

  @Test
  void meshctl_onAnOldJava_saysWhichIsNeeded() throws Exception {
    javaVersion("11.0.2");
    Ran ran = run(home.resolve("meshctl"), "version");
    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.output()).contains("version 11.0.2, but 17 or newer is needed");
  }

  @Test
  void meshctl_withoutJava_saysSo() throws Exception {
    Files.delete(jdk.resolve("bin/java"));
    Ran ran = run(home.resolve("meshctl"), "version");
    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.output()).contains("JAVA_HOME is");
  }

  private void javaVersion(String version) throws IOException {
    Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
  }

  private Ran run(Path script, String... args) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("bash", script.toString()));
    command.addAll(List.of(args));
    Path output = folder.resolve("output");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().put("JAVA_HOME", jdk.toString());
    Process process = builder.start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Ran(process.exitValue(), Files.readString(output));
  }
}
