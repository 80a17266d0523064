package io.inmesh.agent.instrumentation.httpurlconnection;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.engine.OutboundCall;
import io.inmesh.engine.OutboundObserver;
import io.inmesh.engine.OutboundPipeline;
import io.inmesh.engine.RequestView;
import io.inmesh.engine.model.MeshSnapshot;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class ClientCallsTest {
  private final ClientCalls calls = new ClientCalls();

  @Test
  void get_byIdentity_notByEquals() {
    String one = new String("client");
    String other = new String("client");
    RoutedCall call = call();
    calls.put(one, call);

    assertThat(calls.get(one)).isSameAs(call);
    assertThat(calls.get(other)).isNull();
  }

  @Test
  void put_sameClientAgain_latestCallCounts() {
    Object client = new Object();
    RoutedCall second = call();
    calls.put(client, call());
    calls.put(client, second);

    assertThat(calls.get(client)).isSameAs(second);
  }

  private static RoutedCall call() {
    OutboundCall untouched =
        new OutboundPipeline(
                () -> MeshSnapshot.EMPTY,
                RandomGenerator.of("L64X128MixRandom"),
                () -> 0,
                OutboundObserver.NONE)
            .begin(new AnyRequest());
    ClientAccess access = new FakeAccess();
    RoutedCall.CallTools tools =
        new RoutedCall.CallTools(access, new PoolKeys(), () -> 0, new MirrorSender(() -> 0));
    return new RoutedCall(untouched, tools, new WrittenHead(access, "/", "orders:8080"), null, 0);
  }

  static final class AnyRequest implements RequestView {
    @Override
    public String authority() {
      return "orders:8080";
    }

    @Override
    public String method() {
      return "GET";
    }

    @Override
    public String scheme() {
      return "http";
    }

    @Override
    public String path() {
      return "/";
    }

    @Override
    public List<String> header(String name) {
      return List.of();
    }
  }
}
