package io.inmesh.agent.instrumentation.listen;

import io.inmesh.agent.instrumentation.HookPoint;
import io.inmesh.agent.instrumentation.InstrumentationModule;
import io.inmesh.agent.instrumentation.RequiredMember;
import io.inmesh.bootstrap.Bridge;
import java.util.List;

/** The hooks on {@code java.net.ServerSocket} and on NIO's server channels. */
public abstract class ListenModule implements InstrumentationModule {
  private static final String BIND = "(Ljava/net/SocketAddress;I)";

  private final ServedPorts ports;

  private ListenModule(ServedPorts ports) {
    this.ports = ports;
  }

  /**
   * Both hooks. They are groups of their own, because most processes load the classes of one only.
   */
  public static List<InstrumentationModule> modules(ServedPorts ports) {
    return List.of(new SocketModule(ports), new ChannelModule(ports));
  }

  @Override
  public List<RequiredMember> required() {
    return List.of();
  }

  @Override
  public void activate() {
    Bridge.setListeners(ports);
  }

  @Override
  public long uses() {
    return ports.uses();
  }

  private static final class SocketModule extends ListenModule {
    private static final String SOCKET = "java.net.ServerSocket";

    SocketModule(ServedPorts ports) {
      super(ports);
    }

    @Override
    public String name() {
      return "listen-socket";
    }

    @Override
    public List<HookPoint> points() {
      return List.of(
          new HookPoint(SOCKET, "bind", BIND + "V", SocketBindAdvice.class),
          new HookPoint(SOCKET, "close", "()V", UnbindAdvice.class));
    }
  }

  private static final class ChannelModule extends ListenModule {
    private static final String CHANNEL = "sun.nio.ch.ServerSocketChannelImpl";

    ChannelModule(ServedPorts ports) {
      super(ports);
    }

    @Override
    public String name() {
      return "listen-channel";
    }

    @Override
    public List<HookPoint> points() {
      return List.of(
          new HookPoint(
              CHANNEL,
              "bind",
              BIND + "Ljava/nio/channels/ServerSocketChannel;",
              ChannelBindAdvice.class),
          new HookPoint(CHANNEL, "implCloseSelectableChannel", "()V", UnbindAdvice.class));
    }
  }
}
