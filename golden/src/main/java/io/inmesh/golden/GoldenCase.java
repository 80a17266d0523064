package io.inmesh.golden;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One recorded case, in the form of its file; what the fields mean stands in the README of the
 * recordings, and repeated here where the replay depends on it.
 *
 * @param mask "instance": which instance of a service answers is chance; "cookie": a cookie's value
 * @param mirrors instances whose attempts count as mirrored
 * @param rejected istiod's message when it refused the policy: there are no requests then
 * @param nack Envoy's message when it refused what istiod made of it: no requests either
 */
public record GoldenCase(
    String name,
    String family,
    @Nullable String note,
    Client client,
    String policy,
    boolean fresh,
    boolean stable,
    @Nullable JsonNode mask,
    List<String> mirrors,
    @Nullable String rejected,
    @Nullable String nack,
    JsonNode validation,
    List<Request> requests) {

  public GoldenCase {
    mirrors = orEmpty(mirrors);
  }

  /** Whether something is chance. */
  public boolean masks(String what) {
    if (mask == null) {
      return false;
    }
    if (mask.isTextual()) {
      return mask.asText().equals(what);
    }
    for (JsonNode each : mask) {
      if (each.asText().equals(what)) {
        return true;
      }
    }
    return false;
  }

  /** The workload that calls. */
  public record Client(String namespace, Map<String, String> labels) {}

  @JsonFormat(shape = JsonFormat.Shape.ARRAY)
  public record Header(String name, String value) {}

  /**
   * Calls that are alike.
   *
   * @param echo the script for the backends
   * @param connectPort 0: the one in {@code authority}, else 80
   * @param repeat so many, one after the other; 0: one
   * @param concurrent so many at once; 0: one
   * @param elapsed the least and the most that the answer takes, in milliseconds
   * @param random the outcome is chance: distributions are compared
   * @param warmUp the outcome is not compared
   */
  public record Request(
      String method,
      @Nullable String authority,
      String path,
      List<Header> headers,
      String body,
      @Nullable JsonNode echo,
      int connectPort,
      int repeat,
      int concurrent,
      long staggerMs,
      long waitMs,
      long everyMs,
      @Nullable String source,
      int bodyBytes,
      List<Long> elapsed,
      boolean random,
      boolean warmUp,
      boolean sequence,
      Expect expect) {
    public Request {
      headers = orEmpty(headers);
      elapsed = orEmpty(elapsed);
      body = bodyBytes > 0 ? "x".repeat(bodyBytes) : body == null ? "" : body;
    }

    /** One call, of which everything is recorded. */
    public boolean isSingle() {
      return repeat == 0 && concurrent == 0;
    }

    /** How many calls it stands for. */
    public int count() {
      return Math.max(1, Math.max(repeat, concurrent));
    }
  }

  /**
   * What was seen. A single request has the first group, several alike the second.
   *
   * @param body null if a backend answered
   * @param backend the instance that answered; null if none did
   * @param mirrored attempts of a single request, a number for several
   * @param n calls over both recordings if the outcome is chance, else of one
   * @param outcomes how often {@code <status> <flags> <instances>} came
   * @param samples one answer for each outcome with a flag
   */
  public record Expect(
      int status,
      boolean truncated,
      List<Header> responseHeaders,
      @Nullable String body,
      @Nullable String backend,
      List<Attempt> attempts,
      @Nullable JsonNode mirrored,
      @Nullable String flags,
      @Nullable Info info,
      List<Long> elapsedMs,
      int n,
      Map<String, Integer> outcomes,
      Map<String, Integer> attemptsByInstance,
      List<String> sequence,
      Map<String, Sample> samples) {
    public Expect {
      responseHeaders = orEmpty(responseHeaders);
      attempts = orEmpty(attempts);
      sequence = orEmpty(sequence);
      outcomes = outcomes == null ? Map.of() : outcomes;
      attemptsByInstance = attemptsByInstance == null ? Map.of() : attemptsByInstance;
      samples = samples == null ? Map.of() : samples;
    }
  }

  /** What reached a backend; {@code port} is the name of the service's port. */
  public record Attempt(
      String instance,
      String port,
      String method,
      String path,
      String authority,
      List<Header> headers,
      String body) {}

  /** Why; for understanding. */
  public record Info(@Nullable String details, @Nullable String cluster, @Nullable String route) {}

  /** One answer of several. */
  public record Sample(
      int status, List<Header> responseHeaders, @Nullable String body, @Nullable Info info) {}

  /** Whether Istio or Envoy refused the policy. */
  public boolean isRefused() {
    return rejected != null || nack != null;
  }

  /** Whether its outcome is chance. */
  public boolean hasChance() {
    return requests.stream().anyMatch(Request::random);
  }

  /** Whether an instance's attempts count as mirrored. */
  public boolean isMirror(String instance) {
    return mirrors.contains(instance);
  }

  private static <T> List<T> orEmpty(@Nullable List<T> list) {
    return list == null ? List.of() : list;
  }
}
