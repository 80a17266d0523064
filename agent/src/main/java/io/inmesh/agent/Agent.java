package io.inmesh.agent;

import io.inmesh.agent.config.AgentConfig;
import io.inmesh.agent.control.AgentReport;
import io.inmesh.agent.control.ControlClient;
import io.inmesh.agent.instrumentation.HookStatus;
import io.inmesh.agent.instrumentation.Installer;
import io.inmesh.agent.instrumentation.InstrumentationModule;
import io.inmesh.agent.instrumentation.httpurlconnection.HttpUrlConnectionModule;
import io.inmesh.agent.instrumentation.listen.ListenModule;
import io.inmesh.agent.instrumentation.listen.ServedPorts;
import io.inmesh.agent.logging.Logger;
import io.inmesh.bootstrap.Bridge;
import io.inmesh.engine.OutboundObserver;
import io.inmesh.engine.OutboundPipeline;
import io.inmesh.engine.explain.AskedRequest;
import io.inmesh.engine.explain.ExplanationReport;
import io.inmesh.xds.wire.HeaderLine;
import io.inmesh.xds.wire.RouteQuestion;
import java.lang.instrument.Instrumentation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The agent of this process: what it is made of, and in which order it starts and ends. */
final class Agent {
  private final AgentConfig config;
  private final AgentLog log;
  private final String version;
  private final ControlClient control;
  private final ServedPorts ports;
  private final OutboundPipeline pipeline;
  private final Installer installer;

  /** Builds and starts everything; returns at once. */
  static void start(AgentConfig config, AgentLog log, Instrumentation instrumentation) {
    Agent agent = new Agent(config, log, instrumentation);
    Bridge.setFailureSink(agent::hookFailed);
    agent.installer.install(instrumentation);
    agent.startInBackground();
  }

  private Agent(AgentConfig config, AgentLog log, Instrumentation instrumentation) {
    this.config = config;
    this.log = log;
    this.version = AgentVersion.read();
    this.ports = new ServedPorts(config.ports(), this::portsChanged);
    this.control = ControlClient.create(config, this::report, this::setInert, this::explain, log);
    this.pipeline =
        new OutboundPipeline(
            control::snapshot, new ThreadRandom(), System::nanoTime, OutboundObserver.NONE);
    List<InstrumentationModule> modules = new ArrayList<>();
    modules.add(
        new HttpUrlConnectionModule(
            pipeline,
            authority -> control.await(authority, config.startupWait()),
            config.address(),
            instrumentation));
    if (!config.service().isEmpty()) {
      modules.addAll(ListenModule.modules(ports));
    }
    this.installer = new Installer(modules, this::hookFailed);
  }

  /**
   * gRPC takes most of a second to start on a cold JVM, which must not be the application's. A
   * configured port that the hooks do not see is looked for on the same thread.
   */
  private void startInBackground() {
    Thread thread = new Thread(null, this::runInBackground, "inmesh-start", 0, false);
    thread.setDaemon(true);
    thread.setContextClassLoader(null);
    thread.start();
    // Callers stop sending here before the sockets close, and a short-lived client keeps what it
    // got.
    Thread hook = new Thread(null, control::drain, "inmesh-drain", 0, false);
    hook.setContextClassLoader(null);
    Runtime.getRuntime().addShutdownHook(hook);
  }

  @SuppressWarnings("CatchingUnchecked") // A thread's root.
  private void runInBackground() {
    try {
      if (log.debugging()) {
        Logger.setSink(
            (message, cause) -> log.debug(cause == null ? message : message + ": " + cause));
      }
      control.start();
      if (config.adminPort().isPresent()) {
        StatusPage.start(
            config.adminPort().getAsInt(), config, log, this::report, control, pipeline);
      }
      if (!config.service().isEmpty()) {
        PortProbe.run(ports, log);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Throwable t) {
      log.warnOnce("start", "the agent did not start fully; calls go on as without it", t);
    }
  }

  private AgentReport report() {
    return new AgentReport(
        version,
        ProcessHandle.current().pid(),
        System.getProperty("java.version", ""),
        System.getProperty("java.vendor", ""),
        config.service().isEmpty() ? List.of() : ports.served(),
        installer.statuses().stream().map(Agent::reported).toList(),
        Bridge.suppressedFailures(),
        Bridge.isInert());
  }

  private static AgentReport.Hook reported(HookStatus status) {
    return new AgentReport.Hook(
        status.name(),
        status.state().name().toLowerCase(Locale.ROOT),
        status.reason(),
        status.library(),
        status.version(),
        status.uses());
  }

  /** By the pipeline that the application's own calls go through. */
  private Map<String, Object> explain(RouteQuestion question) {
    List<AskedRequest.Header> headers = new ArrayList<>();
    for (HeaderLine line : question.getHeadersList()) {
      headers.add(new AskedRequest.Header(line.getName(), line.getValue()));
    }
    AskedRequest request =
        new AskedRequest(
            question.getMethod(), question.getAuthority(), question.getPath(), headers);
    return ExplanationReport.of(pipeline.explain(request), true);
  }

  private void setInert(boolean inert) {
    if (Bridge.isInert() != inert) {
      Bridge.setInert(inert);
      log.info(inert ? "switched off by the control server" : "switched on again");
      control.reportChanged();
    }
  }

  private void portsChanged() {
    control.reportChanged();
  }

  private void hookFailed(String hook, @Nullable Throwable cause) {
    control.countsChanged();
    log.warnOnce(
        "hook " + hook,
        "a failure inside the hook '"
            + hook
            + "' was kept from the application; please report it"
            + (log.debugging() ? "" : " (log.level=debug shows the stack)"),
        Objects.requireNonNull(cause));
  }
}
