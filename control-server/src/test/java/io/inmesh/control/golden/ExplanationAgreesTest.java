package io.inmesh.control.golden;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.engine.Explanation;
import io.inmesh.engine.Explanation.Outcome;
import io.inmesh.engine.Explanation.Way;
import io.inmesh.engine.OutboundCall;
import io.inmesh.engine.OutboundObserver;
import io.inmesh.engine.OutboundPipeline;
import io.inmesh.engine.RequestView;
import io.inmesh.engine.Step;
import io.inmesh.engine.explain.ExplanationReport;
import io.inmesh.engine.model.MeshSnapshot;
import io.inmesh.engine.model.Route;
import io.inmesh.engine.route.RouteTrial;
import io.inmesh.golden.GoldenCall;
import io.inmesh.golden.GoldenCase;
import io.inmesh.golden.GoldenCase.Header;
import io.inmesh.golden.GoldenData;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * What is explained is what happens: for every recorded request under its case's policy, and for
 * bent ones, the explanation says what the call then does.
 */
class ExplanationAgreesTest {
  private static final int BENT = 20;

  private final Random random = new Random(20_261_126);
  private final Map<Outcome, Integer> seen = new HashMap<>();
  private int faults;

  @Test
  void explanation_ofEveryRecordedRequest_saysWhatTheCallDoes() {
    for (GoldenCase golden : GoldenData.cases()) {
      GoldenMesh mesh = new GoldenMesh(golden.policy());
      if (mesh.problems().isEmpty()) {
        List<GoldenCall> calls = new ArrayList<>();
        for (int i = 0; i < golden.requests().size(); i++) {
          calls.add(GoldenCall.of(golden, "", i, 0));
        }
        MeshSnapshot snapshot =
            mesh.snapshot(golden.client(), calls.stream().map(GoldenCall::target).toList());
        for (GoldenCall call : calls) {
          check(golden, snapshot, new Request(call, call.method(), call.path(), call.headers()));
          for (int i = 0; i < BENT; i++) {
            check(golden, snapshot, bent(call));
          }
        }
      }
    }
    // Each kind is there, or the agreement would say little.
    assertThat(seen)
        .containsKeys(
            Outcome.UNTOUCHED,
            Outcome.PATH_REFUSED,
            Outcome.NO_ROUTE,
            Outcome.REDIRECT,
            Outcome.DIRECT_RESPONSE,
            Outcome.PREFLIGHT,
            Outcome.FORWARD);
    assertThat(faults).isPositive();
    System.out.println("explained and done: " + seen + ", faults injected: " + faults);
  }

  private record Request(GoldenCall call, String method, String path, List<Header> headers)
      implements RequestView {
    @Override
    public String authority() {
      return call.target();
    }

    @Override
    public String scheme() {
      return "http";
    }

    @Override
    public List<String> header(String name) {
      return headers.stream()
          .filter(header -> header.name().equalsIgnoreCase(name))
          .map(Header::value)
          .toList();
    }
  }

  private Request bent(GoldenCall call) {
    List<Header> headers = new ArrayList<>(call.headers());
    if (!headers.isEmpty() && random.nextBoolean()) {
      Header gone = headers.remove(random.nextInt(headers.size()));
      if (random.nextBoolean()) {
        headers.add(new Header(gone.name(), gone.value() + "x"));
      }
    }
    List<String> paths =
        List.of(
            call.path(), call.path() + "/x", call.path() + "?v=1", "/", "/A", "/a#b", "/z/../a");
    List<String> methods = List.of(call.method(), "GET", "POST", "OPTIONS");
    return new Request(
        call,
        methods.get(random.nextInt(methods.size())),
        paths.get(random.nextInt(paths.size())),
        headers);
  }

  private void check(GoldenCase golden, MeshSnapshot snapshot, Request request) {
    OutboundPipeline pipeline =
        new OutboundPipeline(() -> snapshot, random, () -> 0, OutboundObserver.NONE);
    Explanation explanation = pipeline.explain(request);
    seen.merge(explanation.outcome(), 1, Integer::sum);
    assertThat(ExplanationReport.of(explanation, true)).containsKey("outcome");
    // Only the last one that was tried may match, and it must where there is a route.
    List<RouteTrial> trials = explanation.trials();
    boolean found = explanation.route() != null;
    for (int i = 0; i < trials.size(); i++) {
      boolean last = i == trials.size() - 1;
      assertThat(trials.get(i).matches())
          .as("%s %s trial %s", golden.name(), request, i)
          .isEqualTo(found && last);
    }
    try (OutboundCall call = pipeline.begin(request)) {
      Route route = explanation.route();
      assertThat(call.routeName())
          .as("%s %s", golden.name(), request)
          .isEqualTo(route == null ? "" : route.name());
      agree(golden.name() + " " + request, explanation, call);
    }
  }

  private void agree(String as, Explanation explanation, OutboundCall call) {
    Step step = call.step();
    if (call.flags().contains("DI") || call.flags().contains("FI")) {
      Route route = Objects.requireNonNull(explanation.route(), as);
      assertThat(call.flags().contains("DI") ? route.fault().delay() : route.fault().abort())
          .as(as)
          .isNotNull();
      faults++;
      return;
    }
    switch (explanation.outcome()) {
      case UNTOUCHED -> assertThat(step).as(as).isInstanceOf(Step.Untouched.class);
      case TOO_LARGE -> assertThat(((Step.LocalReply) step).status()).as(as).isEqualTo(431);
      case PATH_REFUSED -> assertReply(as, step, 400, "path_normalization_failed");
      case NO_VIRTUAL_HOST, NO_ROUTE -> assertReply(as, step, 404, "route_not_found");
      case REDIRECT -> {
        Step.LocalReply reply = (Step.LocalReply) step;
        assertThat(reply.headers())
            .as(as)
            .anyMatch(
                header ->
                    header.name().equals("location")
                        && header.value().equals(explanation.ways().get(0).location()));
      }
      case DIRECT_RESPONSE -> assertThat(call.detail()).as(as).isEqualTo("direct_response");
      case PREFLIGHT -> {
        assertThat(call.detail()).as(as).isEqualTo("cors_response");
        assertThat(((Step.LocalReply) step).headers()).as(as).isEqualTo(explanation.preflight());
      }
      case NO_DESTINATION -> assertReply(as, step, 503, "cluster_not_found");
      case FORWARD -> agreeOnTheWay(as, explanation, call);
    }
  }

  private static void agreeOnTheWay(String as, Explanation explanation, OutboundCall call) {
    Way way =
        explanation.ways().stream()
            .filter(each -> each.cluster().equals(call.cluster()) && each.weight() > 0)
            .findFirst()
            .orElseThrow(() -> new AssertionError(as + " went to " + call.cluster()));
    if (way.load() == null) {
      assertReply(as, call.step(), 503, "cluster_not_found");
    } else if (call.step() instanceof Step.Attempt attempt) {
      if (explanation.ways().stream().filter(each -> each.cluster().equals(way.cluster())).count()
          == 1) {
        assertThat(attempt.head().path()).as(as).isEqualTo(way.head().path());
        assertThat(attempt.head().authority()).as(as).isEqualTo(way.head().authority());
        assertThat(attempt.head().edits().values()).as(as).containsAll(way.head().edits().values());
      }
      assertThat(attempt.responseTimeout())
          .as(as)
          .isEqualTo(way.perTryTimeout().isZero() ? way.timeout() : way.perTryTimeout());
      if (way.key() != null && way.key().endpoint() != null) {
        assertThat(attempt.endpoint()).as(as).isEqualTo(way.key().endpoint());
      }
    } else {
      assertReply(as, call.step(), 503, "no_healthy_upstream");
      assertThat(way.load().cluster().endpoints()).as(as).isEmpty();
    }
  }

  private static void assertReply(String as, Step step, int status, String detail) {
    assertThat(step)
        .as(as)
        .isInstanceOfSatisfying(
            Step.LocalReply.class,
            reply -> {
              // In gRPC the status is 200.
              assertThat(reply.status()).as(as).isIn(status, 200);
              assertThat(reply.detail()).as(as).isEqualTo(detail);
            });
  }
}
