package io.inmesh.agent.instrumentation.httpurlconnection;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.engine.OutboundCall;
import io.inmesh.engine.OutboundObserver;
import io.inmesh.engine.OutboundPipeline;
import io.inmesh.engine.model.MeshSnapshot;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class RoutedSocketTest {
  private final AtomicLong clock = new AtomicLong();

  @Test
  void available_afterAReadThatEmptiedIt_asksTheSystemOnlyLater() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Socket own = new Socket(server.getInetAddress(), server.getLocalPort());
        Socket peer = server.accept();
        RoutedSocket routed = new RoutedSocket(own, call(), clock::get)) {
      InputStream in = routed.getInputStream();
      peer.getOutputStream().write(new byte[] {1, 2, 3, 4});
      assertThat(in.readNBytes(2)).containsExactly(1, 2); // All that was asked for: no statement.
      while (own.getInputStream().available() < 2) {
        Thread.onSpinWait();
      }
      assertThat(in.available()).isEqualTo(2);
      assertThat(in.read(new byte[8], 0, 8)).isEqualTo(2);
      peer.getOutputStream().write(5);
      while (own.getInputStream().available() < 1) {
        Thread.onSpinWait();
      }

      assertThat(in.available()).isZero();
      clock.addAndGet(60_000);
      assertThat(in.available()).isEqualTo(1);
    }
  }

  private RoutedCall call() {
    OutboundCall untouched =
        new OutboundPipeline(
                () -> MeshSnapshot.EMPTY,
                RandomGenerator.of("L64X128MixRandom"),
                clock::get,
                OutboundObserver.NONE)
            .begin(new ClientCallsTest.AnyRequest());
    ClientAccess access = new FakeAccess();
    RoutedCall.CallTools tools =
        new RoutedCall.CallTools(access, new PoolKeys(), clock::get, new MirrorSender(clock::get));
    return new RoutedCall(untouched, tools, new WrittenHead(access, "/", "orders:8080"), null, 0);
  }
}
