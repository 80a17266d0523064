package io.inmesh.agent.packaged;

import java.lang.instrument.Instrumentation;
import java.lang.reflect.Method;

/** Somebody else's agent that has ours packed inside. */
final class Relay {
  public static void premain(String arguments, Instrumentation instrumentation) throws Exception {
    Method premain =
        Class.forName("io.inmesh.bootstrap.launch.Premain")
            .getMethod("premain", String.class, Instrumentation.class);
    premain.invoke(null, arguments, instrumentation);
  }

  private Relay() {}
}
