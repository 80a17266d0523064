package io.inmesh.golden;

import com.fasterxml.jackson.databind.JsonNode;
import io.inmesh.golden.Backends.Received;
import io.inmesh.golden.GoldenCase.Attempt;
import io.inmesh.golden.GoldenCase.Expect;
import io.inmesh.golden.GoldenCase.Header;
import io.inmesh.golden.GoldenCase.Request;
import io.inmesh.golden.GoldenCase.Sample;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What was seen against what the replay got, by the rules of the recordings' README. */
public final class Comparison {
  private static final Set<String> RESPONSE_NOISE =
      Set.of(
          "date",
          "server",
          "x-envoy-upstream-service-time",
          "content-length",
          "transfer-encoding",
          "connection",
          "x-backend");

  private static final Set<String> REQUEST_NOISE =
      Set.of(
          "x-request-id",
          "x-envoy-decorator-operation",
          "x-envoy-expected-rq-timeout-ms",
          "x-envoy-internal",
          "x-golden-id",
          "x-echo",
          "traceparent",
          "tracestate",
          "b3",
          "content-length",
          "transfer-encoding",
          "connection",
          "host");

  private static final List<String> REQUEST_NOISE_PREFIXES = List.of("x-forwarded-", "x-b3-");

  /**
   * The route of what the mesh does not know. The recordings' mesh refuses such calls
   * (REGISTRY_ONLY); ours leaves them alone unless a Sidecar says otherwise (design D4c).
   */
  private static final String BLOCKED = "block_all";

  private static final Pattern MILLIS = Pattern.compile("(\\d+)m");

  /** Bodies that are longer are recorded by their length. */
  private static final int LONG_BODY = 4096;

  /** One call's result: what the application got, and what reached backends meanwhile. */
  public record Result(Outcome outcome, List<Received> attempts, List<Received> mirrored) {}

  private final GoldenCase golden;
  private final Request request;
  private final Sight sight;
  private final List<String> differences = new ArrayList<>();

  private Comparison(GoldenCase golden, Request request, Sight sight) {
    this.golden = golden;
    this.request = request;
    this.sight = sight;
  }

  /**
   * What differs; empty when all agrees.
   *
   * @param byRequest for each request of the case, its results in each pass over the case
   */
  public static List<Finding> findings(
      GoldenCase golden, Sight sight, List<List<List<Result>>> byRequest) {
    List<Finding> findings = new ArrayList<>();
    for (int i = 0; i < golden.requests().size(); i++) {
      Request request = golden.requests().get(i);
      String place = "request " + i + " " + request.method() + " " + request.path() + ": ";
      for (String text : new Comparison(golden, request, sight).compare(byRequest.get(i))) {
        findings.add(new Finding(i, place + text));
      }
    }
    return findings;
  }

  private List<String> compare(List<List<Result>> passes) {
    if (request.warmUp()) {
      return List.of();
    }
    if (request.isSingle()) {
      passes.forEach(pass -> compareSingle(pass.get(0)));
    } else if (request.random()) {
      compareDistributions(passes);
    } else {
      passes.forEach(this::compareCounts);
    }
    for (List<Result> pass : passes) {
      pass.forEach(result -> compareElapsed(result.outcome()));
    }
    return differences.stream().distinct().toList();
  }

  private void compareSingle(Result result) {
    Expect expect = request.expect();
    Outcome outcome = result.outcome();
    if (expect.info() != null && BLOCKED.equals(expect.info().route())) {
      check("status (0 = left alone)", 0, outcome.status());
      return;
    }
    check("status", expect.status(), outcome.status());
    check("backend", expect.backend(), masked(outcome.backend()));
    check("truncated", expect.truncated(), outcome.truncated());
    if (sight.flagsOfAnswers() || outcome.backend() == null) {
      compareFlags(expect.flags(), outcome.flags());
    }
    compareAttempts("attempt", expect.attempts(), result.attempts());
    compareMirrored(expect.mirrored(), result.mirrored());
    if (!outcome.lost()) {
      compareResponse("", expect.responseHeaders(), outcome);
    }
    if (expect.info() != null && "direct_response".equals(expect.info().details())) {
      check("body", expect.body(), recorded(outcome.body()));
    }
    if (!differences.isEmpty()) {
      differences.add("(got: " + outcome.why() + "; recorded: " + expect.info() + ")");
    }
  }

  private void compareFlags(@Nullable String expected, String got) {
    if (expected != null) {
      check("flags", flags(expected), flags(got));
    }
  }

  private static Set<String> flags(String text) {
    return text.isEmpty() || text.equals("-") ? Set.of() : new TreeSet<>(List.of(text.split(",")));
  }

  private void compareAttempts(String what, List<Attempt> expected, List<Received> got) {
    List<String> expectedNames = expected.stream().map(Attempt::instance).toList();
    List<String> gotNames = got.stream().map(each -> instance(each.instance())).toList();
    check(what + "s", expectedNames, gotNames);
    for (int i = 0; i < Math.min(expected.size(), got.size()); i++) {
      String name = what + " " + (i + 1) + " ";
      Attempt wanted = expected.get(i);
      Received was = got.get(i);
      check(name + "port", wanted.port(), was.port());
      check(name + "method", wanted.method(), was.method());
      check(name + "path", wanted.path(), was.path());
      check(name + "authority", wanted.authority(), was.authority());
      check(name + "body", wanted.body(), shortened(was.body()));
      check(
          name + "headers",
          requestHeaders(wanted.headers()),
          requestHeaders(inTime(wanted.headers(), was.headers())));
    }
  }

  /** With the recorded {@code grpc-timeout} where what is left is as little less as may be. */
  private List<Header> inTime(List<Header> wanted, List<Header> was) {
    return was.stream()
        .map(
            each ->
                wanted.stream()
                    .filter(recorded -> isInTime(recorded, each))
                    .findFirst()
                    .orElse(each))
        .toList();
  }

  private boolean isInTime(Header recorded, Header got) {
    if (!got.name().equals("grpc-timeout") || !recorded.name().equals(got.name())) {
      return false;
    }
    Matcher most = MILLIS.matcher(recorded.value());
    Matcher left = MILLIS.matcher(got.value());
    if (!most.matches() || !left.matches()) {
      return false;
    }
    long late = Long.parseLong(most.group(1)) - Long.parseLong(left.group(1));
    return late >= 0 && late <= sight.late().toMillis();
  }

  private void compareMirrored(@Nullable JsonNode expected, List<Received> got) {
    if (expected == null || expected.isArray()) {
      List<Attempt> attempts = new ArrayList<>();
      if (expected != null) {
        expected.forEach(each -> attempts.add(GoldenData.JSON.convertValue(each, Attempt.class)));
      }
      compareAttempts("mirrored", attempts, got);
    }
  }

  private void compareResponse(String what, List<Header> expected, Outcome outcome) {
    check(what + "response headers", responseHeaders(expected), responseHeaders(outcome.headers()));
  }

  private void compareElapsed(Outcome outcome) {
    if (!request.elapsed().isEmpty()) {
      long took = outcome.elapsed().toMillis();
      long latest = request.elapsed().get(1) + sight.late().toMillis();
      if (took < request.elapsed().get(0) || took > latest) {
        differences.add("took " + took + " ms, expected " + request.elapsed());
      }
    }
  }

  private void compareCounts(List<Result> results) {
    Expect expect = request.expect();
    check("outcomes", expectedOutcomes(), outcomes(results));
    check(
        "attempts by instance",
        new TreeMap<>(expect.attemptsByInstance()),
        new TreeMap<>(byInstance(results)));
    check("mirrored", mirroredCount(), results.stream().mapToInt(r -> r.mirrored().size()).sum());
    if (!expect.sequence().isEmpty()) {
      check(
          "sequence",
          expect.sequence().stream().map(this::seen).toList(),
          results.stream().map(this::key).toList());
    }
    compareSamples(results);
  }

  private void compareDistributions(List<List<Result>> passes) {
    Expect expect = request.expect();
    Distribution distribution = new Distribution(sight);
    List<Result> results = passes.stream().flatMap(List::stream).toList();
    differences.addAll(distribution.differences("outcomes", expectedOutcomes(), outcomes(results)));
    if (expect.mirrored() != null) {
      int expected = mirroredCount();
      int got = results.stream().mapToInt(each -> each.mirrored().size()).sum();
      differences.addAll(
          distribution.differences(
              "mirrored",
              Map.of("mirrored", expected, "not", Math.max(0, expect.n() - expected)),
              Map.of("mirrored", got, "not", Math.max(0, results.size() - got))));
    }
    compareSamples(results);
  }

  private void compareSamples(List<Result> results) {
    for (Result result : results) {
      Sample sample = request.expect().samples().get(key(result));
      if (sample != null && !result.outcome().lost()) {
        compareResponse(key(result) + ": ", sample.responseHeaders(), result.outcome());
      }
    }
  }

  private int mirroredCount() {
    JsonNode mirrored = request.expect().mirrored();
    return mirrored == null ? 0 : mirrored.isArray() ? mirrored.size() : mirrored.asInt();
  }

  private Map<String, Integer> expectedOutcomes() {
    Map<String, Integer> counts = new TreeMap<>();
    request
        .expect()
        .outcomes()
        .forEach((key, count) -> counts.merge(seen(key), count, Integer::sum));
    return counts;
  }

  /** A recorded outcome as this driver sees it. */
  private String seen(String key) {
    Sample sample = request.expect().samples().get(key);
    boolean answered =
        sample != null && sample.info() != null && "via_upstream".equals(sample.info().details());
    return answered && !sight.flagsOfAnswers() ? key.replaceFirst(" \\S+ ", " - ") : key;
  }

  private Map<String, Integer> outcomes(List<Result> results) {
    return counts(results.stream().map(this::key).toList());
  }

  private Map<String, Integer> byInstance(List<Result> results) {
    return counts(
        results.stream()
            .flatMap(result -> result.attempts().stream())
            .map(each -> instance(each.instance()))
            .toList());
  }

  private static Map<String, Integer> counts(List<String> keys) {
    Map<String, Integer> counts = new TreeMap<>();
    keys.forEach(key -> counts.merge(key, 1, Integer::sum));
    return counts;
  }

  private String key(Result result) {
    String instances =
        result.attempts().stream()
            .map(each -> instance(each.instance()))
            .collect(Collectors.joining(">"));
    String flags = result.outcome().flags();
    return result.outcome().status()
        + " "
        + (flags.isEmpty() ? "-" : flags)
        + " "
        + (instances.isEmpty() ? "local" : instances);
  }

  private void check(String what, @Nullable Object expected, @Nullable Object got) {
    if (!Objects.equals(expected, got)) {
      differences.add(what + ": expected " + expected + ", got " + got);
    }
  }

  private @Nullable String masked(@Nullable String instance) {
    return instance == null ? null : instance(instance);
  }

  private String instance(String name) {
    return golden.masks("instance") ? name.substring(0, name.lastIndexOf('-')) + "-*" : name;
  }

  /** As the recorder wrote a body down: each byte a character. */
  private static String recorded(@Nullable String body) {
    return body == null
        ? ""
        : new String(body.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  private static String shortened(String body) {
    return body.length() > LONG_BODY ? body.length() + " bytes" : body;
  }

  private static Map<String, List<String>> requestHeaders(List<Header> headers) {
    return byName(
        headers.stream()
            .filter(
                each ->
                    !REQUEST_NOISE.contains(each.name())
                        && REQUEST_NOISE_PREFIXES.stream().noneMatch(each.name()::startsWith))
            .toList());
  }

  private Map<String, List<String>> responseHeaders(List<Header> headers) {
    return byName(
        headers.stream()
            .map(each -> new Header(each.name().toLowerCase(Locale.ROOT), each.value()))
            .filter(each -> !RESPONSE_NOISE.contains(each.name()))
            .map(
                each ->
                    golden.masks("cookie") && each.name().equals("set-cookie")
                        ? new Header(
                            each.name(),
                            each.value().replaceFirst("=\"[^\"]*\"", "=\"<generated>\""))
                        : each)
            .toList());
  }

  private static Map<String, List<String>> byName(List<Header> headers) {
    return headers.stream()
        .collect(
            Collectors.groupingBy(
                Header::name,
                TreeMap::new,
                Collectors.mapping(Header::value, Collectors.toList())));
  }
}
