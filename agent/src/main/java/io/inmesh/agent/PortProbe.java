package io.inmesh.agent;

import io.inmesh.agent.instrumentation.listen.ServedPorts;
import java.util.concurrent.TimeUnit;

/** Looks for configured ports that no hook has seen, ever more seldom, until all are found. */
final class PortProbe {
  private static final long FIRST_PAUSE_MILLIS = 1000;
  private static final long LONGEST_PAUSE_MILLIS = 15_000;

  /** Returns when nothing is missing. */
  static void run(ServedPorts ports, AgentLog log) throws InterruptedException {
    long pause = FIRST_PAUSE_MILLIS;
    while (!ports.missing().isEmpty()) {
      TimeUnit.MILLISECONDS.sleep(pause);
      for (int port : ports.probeMissing()) {
        log.info(
            "port "
                + port
                + " was found by connecting to it: its server does not listen through the JDK");
      }
      pause = Math.min(pause + pause / 4, LONGEST_PAUSE_MILLIS);
    }
  }

  private PortProbe() {}
}
