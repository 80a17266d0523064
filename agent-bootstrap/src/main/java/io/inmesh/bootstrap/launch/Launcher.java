package io.inmesh.bootstrap.launch;

import java.io.File;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.URISyntaxException;
import java.net.URL;
import java.security.CodeSource;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;

/**
 * Finds the agent's jar, makes its loader and hands over to {@code io.inmesh.agent.AgentMain}
 * there. Runs on the main thread, before the application.
 */
public final class Launcher {
  // Not by class: javac would compile that one along, for the wrong release.
  private static final String PREMAIN = "io.inmesh.bootstrap.launch.Premain";
  private static final String AGENT_MAIN = "io.inmesh.agent.AgentMain";

  // Main thread only. A second -javaagent finds this same class, whatever jar it names.
  private static boolean launched;

  /**
   * Starts the agent; called by {@code Premain}, by name.
   *
   * @throws Throwable if it cannot start: its message is for the operator, in one line
   */
  public static void launch(@Nullable String arguments, Instrumentation instrumentation)
      throws Throwable {
    if (isJdkTool()) {
      return; // JAVA_TOOL_OPTIONS reaches javac and jcmd too; they are nobody's service.
    }
    if (launched) {
      System.err.println("inmesh: -javaagent is given twice; the first counts, remove the other");
      return;
    }
    refuseSecurityManager();
    launched = true;
    AgentClassLoader loader = new AgentClassLoader(openOwnJar());
    MethodHandle start =
        MethodHandles.publicLookup()
            .findStatic(
                loader.loadClass(AGENT_MAIN),
                "start",
                MethodType.methodType(void.class, String.class, Instrumentation.class));
    start.invokeExact(arguments, instrumentation);
  }

  private static boolean isJdkTool() {
    String module = System.getProperty("jdk.module.main", "");
    return module.startsWith("jdk.") || module.startsWith("java.");
  }

  @SuppressWarnings("removal") // Gone as a feature since JDK 24; on 17 it may still be on.
  private static void refuseSecurityManager() {
    if (System.getSecurityManager() != null) {
      throw new IllegalStateException(
          "a SecurityManager is on, and its policy would apply to the agent; start without it");
    }
  }

  private static JarFile openOwnJar() throws IOException, URISyntaxException {
    CodeSource source = Launcher.class.getProtectionDomain().getCodeSource();
    URL location = source == null ? null : source.getLocation();
    if (location == null || !"file".equals(location.getProtocol())) {
      throw new IOException("its jar is no file of its own: " + location);
    }
    // Not verified: signatures would cost start-up time, and nobody signs this jar.
    JarFile jar = new JarFile(new File(location.toURI()), false);
    Manifest manifest = jar.getManifest();
    String premain =
        manifest == null ? null : manifest.getMainAttributes().getValue("Premain-Class");
    if (!PREMAIN.equals(premain)) {
      jar.close();
      throw new IOException(
          "its classes are inside "
              + location
              + ", which is not the agent's own jar; give -javaagent:inmesh-agent.jar itself");
    }
    return jar;
  }

  private Launcher() {}
}
