package io.inmesh.control.push;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.shaded.envoy.service.discovery.v3.DiscoveryRequest;
import io.inmesh.shaded.protobuf.Any;
import io.inmesh.shaded.protobuf.ByteString;
import io.inmesh.xds.ResourceType;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SubscriptionTest {
  private static final Map<String, Any> CURRENT = Map.of("a", any("1"), "b", any("2"));

  private final Subscription subscription = new Subscription(ResourceType.ENDPOINT);

  @Test
  void name_droppedAndWantedAgain_isSentAgain() {
    request("", "a", "b");
    send("n1");
    request("n1", "a", "b");
    assertThat(subscription.news(CURRENT)).isNull();

    request("n1", "b");
    request("n1", "a", "b");

    assertThat(subscription.news(CURRENT)).containsOnlyKeys("a");
  }

  @Test
  void name_droppedWhileAResponseIsOnItsWay_isSentAgain() {
    request("", "a", "b");
    send("n1");
    request("n1", "a", "b");
    subscription.sent(Map.of("b", any("3")), "2", "n2");

    request("n1", "b"); // crossed n2, as did the next one
    request("n1", "a", "b");
    request("n2", "a", "b");

    assertThat(subscription.news(Map.of("a", any("1"), "b", any("3")))).containsOnlyKeys("a");
  }

  @Test
  void names_fromTheFirstRequestWithAVersion_mayBeKept() {
    subscription.request(
        DiscoveryRequest.newBuilder().setVersionInfo("last-good").addResourceNames("a").build());
    request("", "a", "b");

    assertThat(subscription.mayKeep("a")).isTrue();
    assertThat(subscription.mayKeep("b")).isFalse();
  }

  private void send(String nonce) {
    subscription.sent(CURRENT, "1", nonce);
  }

  private void request(String nonce, String... names) {
    subscription.request(
        DiscoveryRequest.newBuilder()
            .setResponseNonce(nonce)
            .addAllResourceNames(List.of(names))
            .build());
  }

  private static Any any(String value) {
    return Any.newBuilder().setTypeUrl("t").setValue(ByteString.copyFromUtf8(value)).build();
  }
}
