package io.inmesh.agent.instrumentation.listen;

import io.inmesh.agent.config.PortMapping;
import io.inmesh.bootstrap.Listeners;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * The ports of the service that this process serves right now: the configured ones that it listens
 * on, or, with none configured, every port it listens on.
 *
 * <p>A server that does not bind through the JDK (Netty's native transports) is not seen by the
 * hooks; {@link #probeMissing} finds a configured port of such a one. Any thread.
 */
public final class ServedPorts implements Listeners {
  private static final int PROBE_TIMEOUT_MILLIS = 200;

  private final List<PortMapping> configured;
  private final Runnable changed;
  private final LongAdder uses = new LongAdder();

  // Guarded by this. Weak, because a socket may be dropped without a close.
  private final Map<Object, Integer> listening = new WeakHashMap<>();
  private final Set<Integer> probed = new HashSet<>();

  /**
   * Nothing is served yet.
   *
   * @param configured the setting {@code ports}; empty = every port
   * @param changed called after each change, on the thread that binds or closes; must not block
   */
  public ServedPorts(List<PortMapping> configured, Runnable changed) {
    this.configured = List.copyOf(configured);
    this.changed = changed;
  }

  @Override
  public void opened(Object socket, int port) {
    if (port <= 0) {
      return;
    }
    uses.increment();
    synchronized (this) {
      listening.put(socket, port);
    }
    changed.run();
  }

  @Override
  public void closed(Object socket) {
    boolean known;
    synchronized (this) {
      known = listening.remove(socket) != null;
    }
    if (known) {
      changed.run();
    }
  }

  /** What is served now, by port. */
  public List<PortMapping> served() {
    Set<Integer> open;
    synchronized (this) {
      open = new HashSet<>(listening.values());
      open.addAll(probed);
    }
    List<PortMapping> served = new ArrayList<>();
    if (configured.isEmpty()) {
      open.forEach(port -> served.add(new PortMapping(port, port)));
    } else {
      configured.stream().filter(mapping -> open.contains(mapping.target())).forEach(served::add);
    }
    served.sort(Comparator.comparingInt(PortMapping::service));
    return served;
  }

  /** Configured ports that nothing listens on as far as is known. */
  public List<Integer> missing() {
    synchronized (this) {
      return configured.stream()
          .map(PortMapping::target)
          .filter(port -> !listening.containsValue(port) && !probed.contains(port))
          .toList();
    }
  }

  /**
   * Tries to connect to what is missing, on loopback. Blocks for up to 200 ms per port.
   *
   * @return the ports that were found this way
   */
  public List<Integer> probeMissing() {
    List<Integer> found = new ArrayList<>();
    for (int port : missing()) {
      if (accepts(port)) {
        found.add(port);
      }
    }
    if (!found.isEmpty()) {
      synchronized (this) {
        probed.addAll(found);
      }
      changed.run();
    }
    return found;
  }

  long uses() {
    return uses.sum();
  }

  private static boolean accepts(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PROBE_TIMEOUT_MILLIS);
      return true;
    } catch (IOException e) {
      return false; // Not yet.
    }
  }
}
