package io.inmesh.golden;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.golden.Backends.Reply;
import io.inmesh.golden.GoldenCase.Header;
import java.util.List;
import org.junit.jupiter.api.Test;

/** That the backends do what the recordings' ones did. */
class BackendsTest {
  private static final String ORDERS_V1 = "127.1.1.1";
  private static final String ORDERS_V2 = "127.1.1.2";
  private static final String STREAM_1 = "127.1.11.1";
  private static final String MIXED_1 = "127.1.7.1";

  private final Backends backends = new Backends();

  @Test
  void receive_steps_nthAttemptObeysNthAndTheLastRepeats() {
    String script = "{\"steps\": [{\"status\": 503}, {\"status\": 201}]}";
    assertThat(List.of(status(ORDERS_V1, script), status(ORDERS_V2, script)))
        .containsExactly(503, 201);
    assertThat(status(ORDERS_V1, script)).isEqualTo(201);
  }

  @Test
  void receive_byInstance_countsThatInstanceAlone() {
    String script =
        "{\"steps\": [{\"status\": 204}],"
            + " \"by\": {\"orders-v2\": [{\"status\": 500}, {\"status\": 200}]}}";
    assertThat(status(ORDERS_V1, script)).isEqualTo(204);
    assertThat(List.of(status(ORDERS_V2, script), status(ORDERS_V2, script)))
        .containsExactly(500, 200);
  }

  @Test
  void receive_refuseOverHttp1_isNoSuchThing() {
    String script = "{\"steps\": [{\"action\": \"refuse\"}]}";
    assertThat(receive(ORDERS_V1, script)).isInstanceOf(Reply.Response.class);
    assertThat(receive(STREAM_1, script)).isInstanceOf(Reply.Refused.class);
  }

  @Test
  void refuses_closedUnknownAndOtherPorts() {
    assertThat(backends.refuses(MIXED_1, 7000)).isTrue();
    assertThat(backends.refuses("127.9.9.9", 7000)).isTrue();
    assertThat(backends.refuses(ORDERS_V1, 7003)).isTrue();
    assertThat(backends.refuses(ORDERS_V1, 7002)).isFalse();
  }

  private int status(String address, String script) {
    return ((Reply.Response) receive(address, script)).status();
  }

  private Reply receive(String address, String script) {
    return backends.receive(
        address,
        7000,
        "GET",
        "/",
        "orders",
        List.of(new Header("x-golden-id", "case#0.0"), new Header("X-Echo", script)),
        "");
  }
}
