package io.inmesh.bootstrap;

/**
 * The agent's side of the hooks on listening sockets. One instance per process, called by any
 * thread; what it throws never leaves the {@link Bridge}.
 */
public interface Listeners {
  /** This socket or channel listens on this port now. */
  void opened(Object socket, int port);

  /** This socket or channel is closed; it need not have been seen before. */
  void closed(Object socket);
}
