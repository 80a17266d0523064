package io.inmesh.bootstrap.launch;

import java.lang.instrument.Instrumentation;
import java.lang.reflect.InvocationTargetException;

/**
 * What the JVM calls before the application's {@code main}. Compiled for Java 8, so that a JVM too
 * old for the agent can load it, be told, and run the application all the same.
 */
public final class Premain {
  private static final int OLDEST_JAVA = 17;

  /** Called by the JVM; never throws, because that would end the process. */
  public static void premain(String arguments, Instrumentation instrumentation) {
    try {
      String version = System.getProperty("java.specification.version", "");
      if (version.startsWith("1.") || Integer.parseInt(version) < OLDEST_JAVA) {
        warn("needs Java 17 or newer, this is " + version);
        return;
      }
      // By name, so that this class is compiled without the newer ones.
      Class.forName("io.inmesh.bootstrap.launch.Launcher")
          .getMethod("launch", String.class, Instrumentation.class)
          .invoke(null, arguments, instrumentation);
    } catch (InvocationTargetException e) {
      warn("did not start: " + e.getCause());
    } catch (Throwable t) {
      warn("did not start: " + t);
    }
  }

  private static void warn(String why) {
    System.err.println("inmesh: the agent " + why + "; the application runs without it");
  }

  private Premain() {}
}
