package io.inmesh.agent.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

class AgentJarTest {
  private static final int JAVA_8 = 52;

  @Test
  void size_atMost15MB() throws IOException {
    assertThat(Files.size(Forked.AGENT)).isLessThan(15_000_000);
  }

  @Test
  void entries_noClassOutsideOurPackageExceptHidden() throws IOException {
    try (JarFile jar = new JarFile(Forked.AGENT.toFile())) {
      List<String> names = jar.stream().map(JarEntry::getName).toList();

      assertThat(names)
          .allMatch(
              name ->
                  name.matches("META-INF/(MANIFEST.MF|LICENSE|NOTICE)")
                      || name.startsWith("inst/")
                      || name.matches("io/inmesh/bootstrap/launch/[\\w$]+\\.class"));
      assertThat(names.stream().filter(name -> name.startsWith("inst/")))
          .noneMatch(name -> name.endsWith(".class"));
      assertThat(names)
          .contains(
              "inst/java/lang/InmeshBridge.classdata",
              "inst/META-INF/services/io.grpc.NameResolverProvider",
              "inst/META-INF/services/io.grpc.LoadBalancerProvider")
          .noneMatch(name -> name.startsWith("inst/io/inmesh/bootstrap/"));
    }
  }

  @Test
  void premain_anyJvmSinceJava8CanLoadIt() throws IOException {
    try (JarFile jar = new JarFile(Forked.AGENT.toFile());
        DataInputStream in =
            new DataInputStream(
                jar.getInputStream(jar.getEntry("io/inmesh/bootstrap/launch/Premain.class")))) {
      assertThat(in.readInt()).isEqualTo(0xcafebabe);
      in.readUnsignedShort();
      assertThat(in.readUnsignedShort()).isEqualTo(JAVA_8);
    }
  }
}
