package io.inmesh.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.engine.OutboundCall.Entry;
import io.inmesh.engine.model.CircuitBreakers;
import io.inmesh.engine.model.Cluster;
import io.inmesh.engine.model.ConnectionLimits;
import io.inmesh.engine.model.LbPolicy;
import io.inmesh.engine.model.MeshSnapshot;
import io.inmesh.engine.model.WeightedCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Golden family pool, as far as connections go: two connections, two calls that wait. */
class ConnectionsTest {
  private final List<Integer> turns = new ArrayList<>();
  private final OutboundPipeline pipeline =
      new OutboundPipeline(() -> MESH, new Random(1), () -> 0, OutboundObserver.NONE);

  private static final MeshSnapshot MESH =
      TestMesh.of(
          List.of(TestMesh.everything(new WeightedCluster("v1", 1))),
          new Cluster(
              "v1",
              LbPolicy.LEAST_REQUEST,
              TestMesh.cluster("v1", 1).groups(),
              ConnectionLimits.DEFAULT,
              new CircuitBreakers(2, 2, 100, 100, null),
              null,
              0));

  private OutboundCall begin() {
    return pipeline.begin(TestMesh.get(TestMesh.AUTHORITY, "/"));
  }

  @Test
  void enter_limitsReached_waitsThenOverflows() {
    List<OutboundCall> calls = new ArrayList<>();
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      int number = i;
      OutboundCall call = begin();
      calls.add(call);
      entries.add(call.enter(() -> turns.add(number)));
    }

    assertThat(entries)
        .containsExactly(
            Entry.ADMITTED,
            Entry.ADMITTED,
            Entry.WAITS,
            Entry.WAITS,
            Entry.OVERFLOW,
            Entry.OVERFLOW);
    assertThat(calls.get(4).overflowed())
        .isInstanceOfSatisfying(
            Step.LocalReply.class, reply -> assertThat(reply.flag()).isEqualTo("UO"));

    calls.get(1).close();
    assertThat(turns).containsExactly(2);
    calls.get(0).responded(TestMesh.response(200));
    assertThat(turns).as("a response is under way").containsExactly(2);
    calls.get(0).close();
    assertThat(turns).containsExactly(2, 3);
  }

  @Test
  void enter_attemptFailed_connectionIsGivenBackBeforeTheNext() {
    OutboundCall failing = begin();
    failing.enter(() -> {});
    OutboundCall second = begin();
    second.enter(() -> {});
    OutboundCall third = begin();
    assertThat(third.enter(() -> turns.add(3))).isEqualTo(Entry.WAITS);

    assertThat(failing.connectFailed()).isInstanceOf(Step.Wait.class);
    assertThat(turns).containsExactly(3);
    failing.waited();
    assertThat(failing.enter(() -> turns.add(1))).isEqualTo(Entry.WAITS);
  }

  @Test
  void enter_untouchedCall_admitted() {
    OutboundCall call = pipeline.begin(TestMesh.get("elsewhere:80", "/"));
    assertThat(call.enter(() -> {})).isEqualTo(Entry.ADMITTED);
  }

  @Test
  void enter_closedCall_holdsNothing() {
    OutboundCall closed = begin();
    closed.close();
    closed.enter(() -> {});
    begin().enter(() -> {});
    assertThat(begin().enter(() -> {})).isEqualTo(Entry.ADMITTED);
  }
}
