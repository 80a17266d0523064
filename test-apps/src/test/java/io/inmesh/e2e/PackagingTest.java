package io.inmesh.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;

/** What is in the one jar that goes into other people's processes. */
class PackagingTest {
  private static final long FIFTEEN_MEGABYTES = 15L * 1000 * 1000;

  @Test
  void agentJar_isSmall() throws IOException {
    long size = Files.size(Jars.agent());
    System.out.println("inmesh-agent.jar: " + size + " bytes");
    assertThat(size).isLessThanOrEqualTo(FIFTEEN_MEGABYTES);
  }

  @Test
  void agentJar_showsNoClassOutsideOfItsPackage() throws IOException {
    try (JarFile jar = new JarFile(Jars.agent().toFile())) {
      List<String> classes =
          jar.stream()
              .map(ZipEntry::getName)
              .filter(name -> name.endsWith(".class"))
              .filter(name -> !name.startsWith("io/inmesh/"))
              .toList();
      assertThat(classes).isEmpty();
      assertThat(jar.stream().filter(entry -> entry.getName().endsWith(".classdata")).count())
          .isGreaterThan(100);
    }
  }

  @Test
  void agentJar_offersNothingToServiceLoaders() throws IOException {
    try (JarFile jar = new JarFile(Jars.agent().toFile())) {
      assertThat(jar.stream().map(ZipEntry::getName))
          .noneMatch(name -> name.startsWith("META-INF/services/"))
          .noneMatch(name -> name.endsWith("module-info.class"))
          .noneMatch(name -> name.endsWith(".SF") || name.endsWith(".RSA"));
    }
  }

  @Test
  void agentJar_carriesItsLicencesAndManifest() throws IOException {
    try (JarFile jar = new JarFile(Jars.agent().toFile())) {
      assertThat(jar.stream().map(ZipEntry::getName))
          .anyMatch(name -> name.matches("META-INF/LICENSE(\\.txt|\\.md)?"))
          .anyMatch(name -> name.matches("META-INF/NOTICE(\\.txt|\\.md)?"));
      Attributes manifest = jar.getManifest().getMainAttributes();
      assertThat(manifest.getValue("Premain-Class")).startsWith("io.inmesh.");
      assertThat(manifest.getValue("Can-Retransform-Classes")).isEqualTo("true");
    }
  }
}
