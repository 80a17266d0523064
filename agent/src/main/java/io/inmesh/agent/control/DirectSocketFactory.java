package io.inmesh.agent.control;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.time.Duration;
import javax.net.SocketFactory;

/**
 * Sockets that go straight to the control server. A plain {@code new Socket()} would follow the
 * application's {@code socksProxyHost} or proxy selector, and would wait for minutes on an address
 * that nobody answers, with one of the transport's two threads. Any thread.
 */
final class DirectSocketFactory extends SocketFactory {
  private final Duration connectTimeout;

  DirectSocketFactory(Duration connectTimeout) {
    this.connectTimeout = connectTimeout;
  }

  @Override
  public Socket createSocket() {
    return new Socket(Proxy.NO_PROXY);
  }

  @Override
  public Socket createSocket(InetAddress address, int port) throws IOException {
    Socket socket = createSocket();
    try {
      socket.connect(new InetSocketAddress(address, port), (int) connectTimeout.toMillis());
      return socket;
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return createSocket(InetAddress.getByName(host), port);
  }

  @Override
  public Socket createSocket(InetAddress address, int port, InetAddress local, int localPort)
      throws IOException {
    return createSocket(address, port);
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress local, int localPort)
      throws IOException {
    return createSocket(host, port);
  }
}
