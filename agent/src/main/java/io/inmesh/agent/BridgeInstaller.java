package io.inmesh.agent;

import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.Instrumentation;
import java.lang.invoke.MethodHandles;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Defines the bridge into {@code java.base}, package {@code java.lang}, where every class of the
 * process can see it.
 *
 * <p>Appending to the bootstrap class path would do as well, but switches class-data sharing off
 * and makes the JVM print a warning. The package is opened to the agent's own module only. When the
 * agent is not packaged (unit tests), the bridge is an ordinary class and nothing is to be done.
 */
final class BridgeInstaller {
  /** Where the packaged bridge lives; written so that packaging does not rename it. */
  private static final String AREA = "java/lang/";

  /** A class after what it extends or implements. */
  private static final List<String> CLASSES =
      List.of(
          "InmeshFailureSink",
          "InmeshListeners",
          "InmeshDial",
          "InmeshDial$Local",
          "InmeshHttpCalls",
          "InmeshBridge");

  /**
   * Defines the classes, once per process.
   *
   * @throws IllegalStateException if the JVM does not let us, with the reason
   */
  static void install(Instrumentation instrumentation) {
    instrumentation.redefineModule(
        Object.class.getModule(),
        Set.of(),
        // For protobuf, see the package memory.
        Map.of("jdk.internal.misc", Set.of(BridgeInstaller.class.getModule())),
        Map.of("java.lang", Set.of(BridgeInstaller.class.getModule())),
        Set.of(),
        Map.of());
    try {
      MethodHandles.Lookup lookup =
          MethodHandles.privateLookupIn(Object.class, MethodHandles.lookup());
      for (String name : CLASSES) {
        lookup.defineClass(read(AREA + name + ".class"));
      }
    } catch (IllegalAccessException | IOException | LinkageError e) {
      throw new IllegalStateException("the JVM refuses the agent's bridge: " + e, e);
    }
  }

  private static byte[] read(String resource) throws IOException {
    try (InputStream in = BridgeInstaller.class.getClassLoader().getResourceAsStream(resource)) {
      if (in == null) {
        throw new IOException(resource + " is not in the agent's jar");
      }
      return in.readAllBytes();
    }
  }

  private BridgeInstaller() {}
}
