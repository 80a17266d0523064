package io.inmesh.agent;

import io.inmesh.agent.config.AgentConfigParser;
import io.inmesh.agent.config.ParsedConfig;
import java.lang.instrument.Instrumentation;
import org.jspecify.annotations.Nullable;

/**
 * Where the launcher enters the agent's class loader, on the main thread before the application:
 * settings, bridge, then {@link Agent}.
 */
public final class AgentMain {

  /** Called once, by name; what it throws is reported in one line and the application runs on. */
  public static void start(@Nullable String arguments, Instrumentation instrumentation) {
    ParsedConfig parsed =
        AgentConfigParser.parse(arguments, System.getProperties(), System.getenv());
    AgentLog log = AgentLog.toStandardError(parsed.config().logLevel());
    parsed.problems().forEach(log::warn);
    if (!parsed.config().enabled()) {
      log.info("the agent is switched off by the setting 'enabled'");
      return;
    }
    // First, because the classes that Agent is made of refer to the bridge.
    BridgeInstaller.install(instrumentation);
    Agent.start(parsed.config(), log, instrumentation);
  }

  private AgentMain() {}
}
