package io.inmesh.golden;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.inmesh.golden.Backends.Received;
import io.inmesh.golden.Comparison.Result;
import io.inmesh.golden.GoldenCase.Header;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** That the comparison sees what it should, and no more than its driver can. */
class ComparisonTest {
  private static final Sight ENGINE = new Sight(true, true, 0.0005, Duration.ZERO);
  private static final Sight APPLICATION = new Sight(false, false, 1e-6, Duration.ofMillis(50));

  private static final GoldenCase RETRIED =
      golden(
          """
          {"method": "POST", "authority": "orders:8080", "path": "/", "headers": [], "body": "",
           "elapsed": [100, 300],
           "expect": {"status": 200, "responseHeaders": [], "backend": "orders-v1", "flags": "URX",
             "attempts": [{"instance": "orders-v1", "port": "http", "method": "POST", "path": "/",
               "authority": "orders:8080", "headers": [["grpc-timeout", "200m"]], "body": ""}]}}
          """);

  private static final GoldenCase REPEATED =
      golden(
          """
          {"method": "GET", "authority": "orders:8080", "path": "/", "headers": [], "body": "",
           "repeat": 2,
           "expect": {"attemptsByInstance": {"orders-v1": 2},
             "outcomes": {"503 URX orders-v1": 1, "503 - orders-v1": 1},
             "samples": {"503 URX orders-v1": {"status": 503, "responseHeaders": [],
               "info": {"details": "via_upstream"}}}}}
          """);

  @Test
  void same_agrees() {
    assertThat(findings(RETRIED, ENGINE, result("URX", 100, "200m"))).isEmpty();
    assertThat(findings(RETRIED, APPLICATION, result("URX", 300, "200m"))).isEmpty();
  }

  @Test
  void flagsOfAnAnswer_countOnlyWhereTheyCanBeSeen() {
    assertThat(findings(RETRIED, ENGINE, result("", 100, "200m")))
        .anyMatch(each -> each.text().contains("flags"));
    assertThat(findings(RETRIED, APPLICATION, result("", 100, "200m"))).isEmpty();
  }

  @Test
  void flagsOfSeveralAnswers_countOnlyWhereTheyCanBeSeen() {
    Result plain = result("", 100, "");
    assertThat(findings(REPEATED, ENGINE, plain, plain))
        .anyMatch(each -> each.text().contains("outcomes"));
    Result unavailable = withStatus(plain, 503);
    assertThat(findings(REPEATED, APPLICATION, unavailable, unavailable)).isEmpty();
    assertThat(findings(REPEATED, APPLICATION, unavailable, plain)).isNotEmpty();
  }

  @Test
  void time_neverEarlier_andLaterAsFarAsTheDriverMay() {
    assertThat(findings(RETRIED, APPLICATION, result("", 99, "200m"))).hasSize(1);
    assertThat(findings(RETRIED, APPLICATION, result("", 350, "200m"))).isEmpty();
    assertThat(findings(RETRIED, APPLICATION, result("", 351, "200m"))).hasSize(1);
    assertThat(findings(RETRIED, ENGINE, result("URX", 301, "200m"))).hasSize(1);
  }

  @Test
  void grpcTimeout_lessByWhatTheDriverMayBeLate() {
    assertThat(findings(RETRIED, APPLICATION, result("", 100, "150m"))).isEmpty();
    assertThat(findings(RETRIED, APPLICATION, result("", 100, "149m"))).isNotEmpty();
    assertThat(findings(RETRIED, APPLICATION, result("", 100, "201m"))).isNotEmpty();
    assertThat(findings(RETRIED, APPLICATION, result("", 100, "1S"))).isNotEmpty();
    assertThat(findings(RETRIED, ENGINE, result("URX", 100, "199m"))).isNotEmpty();
  }

  private static GoldenCase golden(String request) {
    try {
      return GoldenData.JSON.readValue(
          "{\"name\": \"case\", \"family\": \"family\", \"policy\": \"\", \"requests\": ["
              + request
              + "]}",
          GoldenCase.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(request, e);
    }
  }

  private static List<Finding> findings(GoldenCase golden, Sight sight, Result... results) {
    return Comparison.findings(golden, sight, List.of(List.of(List.of(results))));
  }

  private static Result result(String flags, long millis, String grpcTimeout) {
    Outcome outcome =
        new Outcome(
            200, false, List.of(), null, "orders-v1", flags, false, "", Duration.ofMillis(millis));
    Received received =
        new Received(
            "",
            "orders-v1",
            "http",
            "POST",
            "/",
            "orders:8080",
            List.of(new Header("grpc-timeout", grpcTimeout)),
            "");
    return new Result(outcome, List.of(received), List.of());
  }

  private static Result withStatus(Result result, int status) {
    Outcome old = result.outcome();
    return new Result(
        new Outcome(
            status, false, List.of(), null, old.backend(), old.flags(), false, "", old.elapsed()),
        result.attempts(),
        List.of());
  }
}
