package io.inmesh.agent.instrumentation.listen;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.agent.config.PortMapping;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ServedPortsTest {
  private final AtomicInteger changes = new AtomicInteger();
  private final Object socket = new Object();

  @Test
  void served_nothingConfigured_everyPortAsItself() {
    ServedPorts ports = new ServedPorts(List.of(), changes::incrementAndGet);
    ports.opened(socket, 9081);

    assertThat(ports.served()).containsExactly(new PortMapping(9081, 9081));
    ports.closed(socket);
    assertThat(ports.served()).isEmpty();
    assertThat(changes).hasValue(2);
  }

  @Test
  void served_configured_onlyWhileListening() {
    ServedPorts ports =
        new ServedPorts(List.of(new PortMapping(8080, 9081)), changes::incrementAndGet);
    ports.opened(new Object(), 7000);
    assertThat(ports.served()).isEmpty();
    assertThat(ports.missing()).containsExactly(9081);

    ports.opened(socket, 9081);
    assertThat(ports.served()).containsExactly(new PortMapping(8080, 9081));
    assertThat(ports.missing()).isEmpty();
  }

  @Test
  void closed_neverSeen_nothingChanges() {
    new ServedPorts(List.of(), changes::incrementAndGet).closed(socket);

    assertThat(changes).hasValue(0);
  }

  @Test
  void probeMissing_portThatAccepts_served() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      PortMapping mapping = new PortMapping(8080, server.getLocalPort());
      ServedPorts ports = new ServedPorts(List.of(mapping), changes::incrementAndGet);

      assertThat(ports.probeMissing()).containsExactly(server.getLocalPort());
      assertThat(ports.served()).containsExactly(mapping);
    }
  }
}
