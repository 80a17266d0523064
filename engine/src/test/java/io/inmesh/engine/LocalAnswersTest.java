package io.inmesh.engine;

import static io.inmesh.engine.Scenario.add;
import static io.inmesh.engine.Scenario.remove;
import static io.inmesh.engine.Scenario.reply;
import static io.inmesh.engine.Scenario.set;
import static io.inmesh.engine.Scenario.values;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.engine.model.HeaderMutations;
import io.inmesh.engine.model.RouteAction;
import io.inmesh.engine.model.StringMatcher;
import io.inmesh.engine.model.WeightedCluster;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Golden family redirect, and what else is answered without an endpoint. */
class LocalAnswersTest {
  private final Scenario scenario = new Scenario();

  private Step.LocalReply answer(FakeCall request) {
    return reply(scenario.begin(request).step());
  }

  private static RouteAction.Redirect redirect(String scheme, String host, int port, String path) {
    return new RouteAction.Redirect(301, scheme, host, port, path, false);
  }

  @ParameterizedTest
  @CsvSource({
    // scheme, host, port, path, called authority, called path, location
    "'', '', 0, /b, orders:8080, /a?q=1, http://orders:8080/b?q=1",
    "'', '', 0, /b?x=1, orders:8080, /a?q=1, http://orders:8080/b?x=1",
    "'', '', 0, /x%PATH()%, orders:8080, /a/b, http://orders:8080/x%PATH()%",
    "'', '', 0, %P()%/b, orders:8080, /a, http://orders:8080/%P()%/b",
    "'', x.example.com, 0, '', orders:8080, /a?q=1, http://x.example.com/a?q=1",
    "'', x.example.com:444, 0, '', orders:8080, /a, http://x.example.com:444/a",
    "'', '', 8443, '', orders:8080, /a, http://orders:8443/a",
    "https, '', 0, '', orders:8080, /a, https://orders:8080/a",
    "https, '', 80, '', orders:80, /a, https://orders:80/a",
    "https, '', 0, '', orders:80, /a, https://orders/a",
    "https, '', 9443, '', '[::1]:80', /a, https://[::1]:9443/a",
    "'', x.example.com, 0, '', orders:8080, /a%20b/%61, http://x.example.com/a%20b/a",
  })
  void redirect_location(
      String scheme,
      String host,
      int port,
      String path,
      String authority,
      String called,
      String location) {
    scenario.action(redirect(scheme, host, port, path));

    Step.LocalReply reply = answer(FakeCall.get(called).at(authority));

    assertThat(reply.status()).isEqualTo(301);
    assertThat(reply.flag()).isEqualTo("-");
    assertThat(reply.detail()).isEqualTo("direct_response");
    assertThat(reply.headers()).containsExactly(new HeaderValue("location", location));
  }

  @Test
  void redirect_prefix_onlyThatIsReplaced() {
    scenario
        .path(new StringMatcher.Prefix("/a", false))
        .action(new RouteAction.Redirect(308, "", "", 0, "/b", true));

    assertThat(values(answer(FakeCall.get("/a/x?q=1")).headers(), "location"))
        .containsExactly("http://orders:8080/b/x?q=1");
  }

  @Test
  void redirect_callerCameByHttps_schemeIsBelieved() {
    scenario.action(redirect("", "x.example.com", 0, ""));

    assertThat(
            values(
                answer(FakeCall.get("/").with("x-forwarded-proto", "https")).headers(), "location"))
        .containsExactly("https://x.example.com/");
  }

  @Test
  void directResponse_bodyIsPlainText() {
    scenario.action(new RouteAction.DirectResponse(404, "not here"));

    assertThat(answer(FakeCall.get("/")))
        .isEqualTo(
            new Step.LocalReply(
                404,
                "-",
                "direct_response",
                "not here",
                List.of(new HeaderValue("content-type", "text/plain"))));
  }

  @Test
  void directResponse_createdOrElsewhere_saysWhere() {
    for (int status : List.of(201, 302)) {
      Scenario created = new Scenario().action(new RouteAction.DirectResponse(status, ""));

      assertThat(reply(created.begin(FakeCall.get("/a/../b?q=1")).step()).headers())
          .containsExactly(new HeaderValue("location", "http://orders:8080/b?q=1"));
    }
  }

  @Test
  void ownAnswer_responseCodeInHeaders_isNotThereYet() {
    scenario.action(new RouteAction.DirectResponse(404, ""));
    scenario.response(set("x-code", "%RESPONSE_CODE%"));

    assertThat(values(answer(FakeCall.get("/")).headers(), "x-code")).containsExactly("0");
  }

  @Test
  void directResponse_empty_noContentType() {
    scenario.action(new RouteAction.DirectResponse(204, ""));

    assertThat(answer(FakeCall.get("/")).headers()).isEmpty();
  }

  @Test
  void directResponse_routesHeaders_beforeTheContentType() {
    scenario.action(new RouteAction.DirectResponse(200, "{}"));
    scenario.response(set("content-type", "application/json"));
    assertThat(answer(FakeCall.get("/")).headers())
        .containsExactly(new HeaderValue("content-type", "application/json"));

    Scenario removing =
        new Scenario()
            .action(new RouteAction.DirectResponse(200, "x"))
            .response(remove("content-type"));
    assertThat(values(reply(removing.begin(FakeCall.get("/")).step()).headers(), "content-type"))
        .as("it was not there yet")
        .containsExactly("text/plain");
  }

  @Test
  void noEndpoint_headersOfDestinationThenRoute() {
    scenario
        .to(new WeightedCluster("empty", 1, HeaderMutations.NONE, set("x-a", "dest"), ""))
        .response(add("x-a", "%RESPONSE_CODE% %RESPONSE_FLAGS% %RESPONSE_CODE_DETAILS%"));

    assertThat(values(answer(FakeCall.get("/")).headers(), "x-a"))
        .containsExactly("dest", "0 UH no_healthy_upstream");
  }

  @Test
  void noRoute_headersAreNotTouched() {
    scenario.path(new StringMatcher.Exact("/only", false)).response(set("x-a", "new"));

    assertThat(answer(FakeCall.get("/other")))
        .isEqualTo(new Step.LocalReply(404, "NR", "route_not_found", "", List.of()));
  }

  @Test
  void path_withFragmentOrNul_400() {
    for (String path : List.of("/a#b", "/?v=1#x", "/%00")) {
      OutboundCall call = scenario.begin(FakeCall.get(path));

      assertThat(reply(call.step()))
          .isEqualTo(new Step.LocalReply(400, "-", "path_normalization_failed", "", List.of()));
      assertThat(call.flags()).isEqualTo("-");
    }
  }

  @Test
  void grpc_noRoute_status12() {
    scenario.path(new StringMatcher.Exact("/only", false));

    assertThat(answer(FakeCall.grpc()))
        .isEqualTo(
            new Step.LocalReply(
                200,
                "NR",
                "route_not_found",
                "",
                List.of(
                    new HeaderValue("content-type", "application/grpc"),
                    new HeaderValue("grpc-status", "12"))));
  }

  @Test
  void grpc_directResponse_bodyIsTheMessage() {
    scenario.action(new RouteAction.DirectResponse(403, "denied: 100%\u00fc"));

    Step.LocalReply reply = answer(FakeCall.grpc());

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body()).isEmpty();
    assertThat(values(reply.headers(), "grpc-status")).containsExactly("7");
    assertThat(values(reply.headers(), "grpc-message")).containsExactly("denied: 100%25%c3%bc");
    assertThat(values(reply.headers(), "content-type")).containsExactly("application/grpc");
  }

  @Test
  void grpc_redirect_status2AndLocation() {
    scenario.action(redirect("", "", 0, "/b"));

    Step.LocalReply reply = answer(FakeCall.grpc());

    assertThat(values(reply.headers(), "grpc-status")).containsExactly("2");
    assertThat(values(reply.headers(), "location")).containsExactly("http://orders:8080/b");
  }

  @Test
  void grpc_onlyItsOwnContentTypes() {
    scenario.action(new RouteAction.DirectResponse(403, ""));

    assertThat(answer(FakeCall.get("/").with("content-type", "application/grpc+proto")).status())
        .isEqualTo(200);
    assertThat(answer(FakeCall.get("/").with("content-type", "application/grpc-web")).status())
        .isEqualTo(403);
  }

  /** As a real Envoy 1.40 does. */
  @Test
  void head_tooLarge_431() {
    for (FakeCall fits : List.of(FakeCall.get("/").sized(100, 0), get(61_440))) {
      Scenario.attempt(scenario.begin(fits).step());
    }
    assertThat(answer(FakeCall.get("/").sized(101, 0)))
        .isEqualTo(tooLarge("http1.too_many_headers"));
    assertThat(answer(get(61_441))).isEqualTo(tooLarge("http1.headers_too_large"));
  }

  private static FakeCall get(long size) {
    return FakeCall.get("/").sized(5, size);
  }

  private static Step.LocalReply tooLarge(String why) {
    return new Step.LocalReply(
        431,
        "DPE",
        why,
        "Request Header Fields Too Large",
        List.of(new HeaderValue("content-type", "text/plain")));
  }
}
