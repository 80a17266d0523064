package io.inmesh.engine;

import static io.inmesh.engine.Scenario.applied;
import static io.inmesh.engine.Scenario.attempt;
import static io.inmesh.engine.Scenario.reply;
import static io.inmesh.engine.Scenario.set;
import static io.inmesh.engine.Scenario.values;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.engine.model.CorsPolicy;
import io.inmesh.engine.model.FaultPolicy;
import io.inmesh.engine.model.Percentage;
import io.inmesh.engine.model.RouteAction;
import io.inmesh.engine.model.StringMatcher;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Golden family cors. */
class CorsTest {
  private static final String ORIGIN = "https://a.example";
  private static final CorsPolicy FULL = policy(exact(ORIGIN), true);

  private final Scenario scenario = new Scenario().cors(FULL);

  private static StringMatcher exact(String origin) {
    return new StringMatcher.Exact(origin, false);
  }

  private static CorsPolicy policy(StringMatcher origin, boolean forward) {
    return new CorsPolicy(
        List.of(origin), "GET,POST", "x-one,X-Two", "x-out", "86400", true, forward);
  }

  private static FakeCall preflight(String origin) {
    return FakeCall.of("OPTIONS", "/")
        .with("origin", origin)
        .with("access-control-request-method", "PUT")
        .with("access-control-request-headers", "x-asked");
  }

  @Test
  void preflight_allowedOrigin_answered() {
    scenario.response(set("x-a", "new"));

    assertThat(reply(scenario.begin(preflight(ORIGIN)).step()))
        .isEqualTo(
            new Step.LocalReply(
                200,
                "-",
                "cors_response",
                "",
                List.of(
                    new HeaderValue("access-control-allow-origin", ORIGIN),
                    new HeaderValue("access-control-allow-credentials", "true"),
                    new HeaderValue("access-control-allow-methods", "GET,POST"),
                    new HeaderValue("access-control-allow-headers", "x-one,X-Two"),
                    new HeaderValue("access-control-expose-headers", "x-out"),
                    new HeaderValue("access-control-max-age", "86400"))));
  }

  @Test
  void preflight_otherOrigin_forwardedUnlessTold() {
    attempt(scenario.begin(preflight("https://b.example")).step());
    attempt(scenario.begin(preflight("HTTPS://A.EXAMPLE")).step());
    Scenario ignoring = new Scenario().cors(policy(exact(ORIGIN), false));

    Step.LocalReply reply = reply(ignoring.begin(preflight("https://b.example")).step());

    assertThat(reply.status()).isEqualTo(200);
    assertThat(values(reply.headers(), "access-control-allow-origin")).isEmpty();
  }

  @Test
  void preflight_starForMethodsAndHeaders_asAsked() {
    Scenario star =
        new Scenario().cors(new CorsPolicy(List.of(exact("*")), "*", "*", null, null, false, true));

    Step.LocalReply reply = reply(star.begin(preflight("https://x.example")).step());

    assertThat(values(reply.headers(), "access-control-allow-origin"))
        .containsExactly("https://x.example");
    assertThat(values(reply.headers(), "access-control-allow-methods")).containsExactly("PUT");
    assertThat(values(reply.headers(), "access-control-allow-headers")).containsExactly("x-asked");
    assertThat(values(reply.headers(), "access-control-allow-credentials")).isEmpty();
  }

  @Test
  void options_withoutRequestedMethod_isNoPreflight() {
    attempt(scenario.begin(FakeCall.of("OPTIONS", "/").with("origin", ORIGIN)).step());
  }

  @Test
  void response_allowedOrigin_replacesTheBackends() {
    OutboundCall call = scenario.begin(FakeCall.get("/").with("origin", ORIGIN));
    call.responded(TestMesh.response(200));
    HeaderEdits edits = call.responseEdits(TestMesh.response(200));

    assertThat(applied(edits, List.of("backend"), "access-control-allow-origin"))
        .containsExactly(ORIGIN);
    assertThat(applied(edits, List.of("be"), "access-control-expose-headers"))
        .containsExactly("x-out");
    assertThat(applied(edits, List.of(), "access-control-allow-credentials"))
        .containsExactly("true");
  }

  @Test
  void response_otherOrNoOrigin_untouched() {
    for (FakeCall request :
        List.of(FakeCall.get("/"), FakeCall.get("/").with("origin", "https://b.example"))) {
      OutboundCall call = scenario.begin(request);
      call.responded(TestMesh.response(200));

      assertThat(call.responseEdits(TestMesh.response(200)).isEmpty()).isTrue();
    }
  }

  @Test
  void localReply_ofTheRouter_hasThem_ofAFaultNot() {
    FakeCall request = FakeCall.get("/").with("origin", ORIGIN);
    Scenario empty = new Scenario().cors(FULL).to("empty");
    Scenario fault =
        new Scenario().cors(FULL).fault(null, new FaultPolicy.Abort(Percentage.ALL, 503, -1));

    assertThat(values(reply(empty.begin(request).step()).headers(), "access-control-allow-origin"))
        .containsExactly(ORIGIN);
    assertThat(values(reply(fault.begin(request).step()).headers(), "access-control-allow-origin"))
        .isEmpty();
  }

  @Test
  void directResponse_none() {
    scenario.action(new RouteAction.DirectResponse(200, "x"));

    assertThat(reply(scenario.begin(preflight(ORIGIN)).step()).headers())
        .containsExactly(new HeaderValue("content-type", "text/plain"));
  }
}
