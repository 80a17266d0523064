package io.inmesh.engine;

import static io.inmesh.engine.Scenario.add;
import static io.inmesh.engine.Scenario.remove;
import static io.inmesh.engine.Scenario.set;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import io.inmesh.engine.model.HeaderMutations;
import io.inmesh.engine.model.PathRewrite;
import io.inmesh.engine.model.StringMatcher;
import io.inmesh.engine.model.WeightedCluster;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Golden families headers, rewrite and combine: what an endpoint sees of a request. */
class RequestChangesTest {
  private final Scenario scenario = new Scenario();

  private static WeightedCluster destination(HeaderMutations request, String host) {
    return new WeightedCluster("v1", 1, request, HeaderMutations.NONE, host);
  }

  @Test
  void head_plainRoute_asItCame() {
    RequestHead head = scenario.head(FakeCall.get("/a//b?c=%41"));

    assertThat(head).isEqualTo(new RequestHead("/a//b?c=%41", "orders:8080", HeaderEdits.NONE));
  }

  @Test
  void head_impliedPort_notInHost() {
    assertThat(scenario.head(FakeCall.get("/").at("orders:80")).authority()).isEqualTo("orders");
    assertThat(scenario.head(FakeCall.get("/").at("[::1]:80")).authority()).isEqualTo("[::1]");
    assertThat(scenario.head(FakeCall.get("/").at("orders:443")).authority())
        .as("https only")
        .isEqualTo("orders:443");
  }

  @Test
  void head_spelledOtherwise_normalized() {
    assertThat(scenario.head(FakeCall.get("/x/../%61b?%61")).path()).isEqualTo("/ab?%61");
  }

  @Test
  void headers_set_replacesAll() {
    scenario.request(set("x-a", "new"));

    assertThat(scenario.sent(FakeCall.get("/").with("x-a", "1").with("x-a", "2"), "x-a"))
        .containsExactly("new");
  }

  @Test
  void headers_add_keepsWhatIsThere() {
    scenario.request(add("x-a", "new"));

    assertThat(scenario.sent(FakeCall.get("/").with("x-a", "1").with("x-a", "2"), "x-a"))
        .containsExactly("1", "2", "new");
  }

  @Test
  void headers_removeAndAdd_removalFirst() {
    scenario.request(
        new HeaderMutations(
            List.of("x-a"), List.of(new HeaderMutations.Value("x-a", "new", true))));

    assertThat(scenario.sent(FakeCall.get("/").with("x-a", "mine"), "x-a")).containsExactly("new");
  }

  @Test
  void headers_addThenSet_setFirst() {
    scenario.request(
        new HeaderMutations(
            List.of(),
            List.of(
                new HeaderMutations.Value("x-a", "a", true),
                new HeaderMutations.Value("x-a", "s", false))));

    assertThat(scenario.sent(FakeCall.get("/").with("x-a", "mine"), "x-a"))
        .containsExactly("s", "a");
  }

  @Test
  void headers_emptyValue_leavesTheClients() {
    scenario.request(set("x-a", "%REQ(x-missing)%"));

    assertThat(scenario.sent(FakeCall.get("/").with("x-a", "mine"), "x-a")).containsExactly("mine");
  }

  @Test
  void headers_template_firstValueOrAlternative() {
    FakeCall request = FakeCall.get("/x?y=1").with("x-a", "1").with("x-a", "2");
    scenario.request(
        new HeaderMutations(
            List.of("x-gone"),
            List.of(
                new HeaderMutations.Value("x-b", "%REQ(X-A)%", false),
                new HeaderMutations.Value("x-c", "%REQ(x-missing?x-a)%", false),
                new HeaderMutations.Value("x-d", "%REQ(:path)% %REQ(:authority)%", false),
                new HeaderMutations.Value("x-e", "%REQ(:method)%/%REQ(x-gone)%", false),
                new HeaderMutations.Value("x-f", "%UPSTREAM_CLUSTER% %ROUTE_NAME%", false),
                new HeaderMutations.Value("x-g", "%PROTOCOL% 100%% %RESPONSE_FLAGS%", false),
                new HeaderMutations.Value("x-h", "%REQ(x-b)%", false))));
    request.with("x-gone", "seen");

    assertThat(scenario.sent(request, "x-b")).containsExactly("1");
    assertThat(scenario.sent(request, "x-c")).containsExactly("1");
    assertThat(scenario.sent(request, "x-d")).containsExactly("/x?y=1 orders:8080");
    assertThat(scenario.sent(request, "x-e")).as("removed before").containsExactly("GET/");
    assertThat(scenario.sent(request, "x-f")).containsExactly("v1 only");
    assertThat(scenario.sent(request, "x-g")).containsExactly("HTTP/1.1 100% -");
    assertThat(scenario.sent(request, "x-h")).as("not set yet when it was read").isEmpty();
  }

  @Test
  void headers_severalDestinations_theRouteComesLast() {
    scenario.to(destination(set("x-a", "dest"), "")).request(set("x-a", "route"));
    assertThat(scenario.sent(FakeCall.get("/"), "x-a")).containsExactly("route");

    Scenario adding = new Scenario().to(destination(set("x-a", "dest"), ""));
    adding.request(add("x-a", "route"));
    assertThat(adding.sent(FakeCall.get("/"), "x-a")).containsExactly("dest", "route");

    Scenario removing = new Scenario().to(destination(set("x-a", "dest"), ""));
    removing.request(remove("x-a"));
    assertThat(removing.sent(FakeCall.get("/").with("x-a", "mine"), "x-a")).isEmpty();
  }

  @Test
  void host_ofRoute_originalIsTold() {
    scenario.rewriteHost("new.example.com").request(set("x-h", "%REQ(:authority)%"));

    assertThat(scenario.head(FakeCall.get("/")).authority()).isEqualTo("new.example.com");
    assertThat(scenario.sent(FakeCall.get("/"), "x-envoy-original-host"))
        .containsExactly("orders:8080");
    assertThat(scenario.sent(FakeCall.get("/"), "x-h")).containsExactly("orders:8080");
  }

  @Test
  void host_ofDestinationOnly_originalIsNotTold() {
    scenario.to(destination(HeaderMutations.NONE, "dest.example.com"));

    assertThat(scenario.head(FakeCall.get("/")).authority()).isEqualTo("dest.example.com");
    assertThat(scenario.sent(FakeCall.get("/"), "x-envoy-original-host")).isEmpty();
  }

  @Test
  void host_ofBoth_theRoutesWinsAndTellsTheDestinations() {
    scenario
        .to(destination(HeaderMutations.NONE, "dest.example.com"))
        .rewriteHost("route.example.com");

    assertThat(scenario.head(FakeCall.get("/")).authority()).isEqualTo("route.example.com");
    assertThat(scenario.sent(FakeCall.get("/"), "x-envoy-original-host"))
        .containsExactly("dest.example.com");
  }

  @Test
  void path_prefixRewritten_originalIsTold() {
    scenario
        .path(new StringMatcher.Prefix("/api", false))
        .rewrite(new PathRewrite.Matched("/v2"))
        .request(set("x-p", "%REQ(:path)%%REQ(x-envoy-original-path)%"));
    FakeCall request = FakeCall.get("/api/y?q=1").with("x-envoy-original-path", "/mine");

    assertThat(scenario.head(request).path()).isEqualTo("/v2/y?q=1");
    assertThat(scenario.sent(request, "x-envoy-original-path")).containsExactly("/api/y?q=1");
    assertThat(scenario.sent(request, "x-p"))
        .as("the path before, and not yet the original path")
        .containsExactly("/api/y?q=1/mine");
  }

  @Test
  void path_regexRewriteWithoutMatch_originalIsToldAllTheSame() {
    scenario.rewrite(new PathRewrite.Regex(Pattern.compile("^/service/([^/]+)$"), "/\\1"));

    assertThat(scenario.head(FakeCall.get("/other")).path()).isEqualTo("/other");
    assertThat(scenario.sent(FakeCall.get("/other"), "x-envoy-original-path"))
        .containsExactly("/other");
  }

  @Test
  void controlHeaders_ofTheApplication_strippedAndNotReadable() {
    scenario.request(set("x-b", "%REQ(x-envoy-retry-on)%"));
    FakeCall request =
        FakeCall.get("/")
            .with("x-envoy-max-retries", "1")
            .with("x-envoy-retry-on", "5xx")
            .with("x-envoy-upstream-rq-timeout-ms", "5000")
            .with("x-envoy-decorator-operation", "op")
            .with("x-envoy-made-up", "1");

    assertThat(scenario.head(request).edits().removed())
        .containsExactlyInAnyOrder(
            "x-envoy-max-retries",
            "x-envoy-retry-on",
            "x-envoy-upstream-rq-timeout-ms",
            "x-envoy-decorator-operation");
    assertThat(scenario.sent(request, "x-b")).isEmpty();
  }

  @Test
  void attemptCount_replacesTheApplications() {
    scenario.countingAttempts();

    assertThat(scenario.sent(FakeCall.get("/"), "x-envoy-attempt-count")).containsExactly("1");
    assertThat(
            scenario.sent(
                FakeCall.get("/").with("x-envoy-attempt-count", "7"), "x-envoy-attempt-count"))
        .containsExactly("1");
  }
}
