package io.inmesh.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResourcePlaceTest {

  private static final String TEXT =
      """
      # A comment.
      apiVersion: networking.istio.io/v1
      kind: VirtualService
      metadata:
        name: orders
      spec:
        hosts: [orders]
        http:
          - match:
              - headers:
                  x-user.name:
                    exact: a
            route:
              - destination:
                  host: orders
          - route:
              - destination:
                  host: users
      """;

  @ParameterizedTest
  @CsvSource({
    "'', 2",
    "metadata.name, 5",
    "spec.hosts[0], 7",
    "spec.http[0], 9",
    "spec.http[0].match[0].headers[x-user.name], 11",
    "spec.http[0].match[0].headers[x-other], 10",
    "spec.http[1].route[0].destination.host, 18",
    "spec.http[1].route[0].destination.subset, 17",
    "spec.http[1].route[7].destination, 16",
    "spec.http[1].route[x], 16",
    "spec.nothing[0].at.all, 6",
    "spec.http[1, 8",
  })
  void line_path_isOfTheFieldOrOfWhatItWouldBeIn(String path, int line) {
    ResourcePlace place = PolicyParser.parse("orders.yaml", TEXT).places().get(0);
    assertThat(place.source()).isEqualTo("orders.yaml");
    assertThat(place.line(path)).isEqualTo(line);
  }

  @Test
  void places_ofSeveralResources_areInTheirOrder() {
    String list =
        "{kind: List, items: [\n" + json("a") + ",\n" + json("b") + "]}\n---\n" + json("c");
    ParsedPolicies parsed = PolicyParser.parse("f", list);
    assertThat(parsed.errors()).isEmpty();
    List<Integer> lines = parsed.places().stream().map(place -> place.line("spec.host")).toList();
    assertThat(lines).containsExactly(2, 3, 5);
    assertThat(parsed.resources())
        .extracting(each -> each.metadata().name())
        .containsExactly("a", "b", "c");
  }

  private static String json(String name) {
    return "{apiVersion: networking.istio.io/v1, kind: DestinationRule, metadata: {name: "
        + name
        + "}, spec: {host: a}}";
  }
}
