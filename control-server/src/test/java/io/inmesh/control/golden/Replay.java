package io.inmesh.control.golden;

import io.inmesh.control.golden.Backends.Received;
import io.inmesh.control.golden.Comparison.Result;
import io.inmesh.control.golden.GoldenCase.Header;
import io.inmesh.control.golden.GoldenCase.Request;
import io.inmesh.engine.model.MeshSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One case, from its policy to what differs. */
final class Replay {
  /** How often a case with chance in it is played: our own share of the noise is small then. */
  private static final int PASSES = 10;

  /** Copies of calls may take longer than the calls. */
  private static final Duration LAST_COPIES = Duration.ofMinutes(1);

  private static final String LOOPBACK = "127.0.0.1";
  private static final int DEFAULT_PORT = 80;

  private final GoldenCase golden;

  Replay(GoldenCase golden) {
    this.golden = golden;
  }

  /** What differs; empty when all agrees. */
  List<Finding> findings() {
    GoldenMesh mesh = new GoldenMesh(golden.policy());
    if (golden.rejected() != null || golden.nack() != null) {
      return mesh.problems().isEmpty()
          ? List.of(whole("the policy is taken; istiod or Envoy refused it: " + refusal()))
          : List.of();
    }
    if (!mesh.problems().isEmpty()) {
      return mesh.problems().stream().map(Replay::whole).toList();
    }
    Set<String> targets = new LinkedHashSet<>();
    golden.requests().forEach(request -> targets.add(target(request)));
    MeshSnapshot snapshot = mesh.snapshot(golden.client(), targets);
    List<List<List<Result>>> byRequest = new ArrayList<>();
    golden.requests().forEach(request -> byRequest.add(new ArrayList<>()));
    List<Finding> findings = new ArrayList<>();
    boolean chance = golden.requests().stream().anyMatch(Request::random);
    for (int pass = 0; pass < (chance ? PASSES : 1); pass++) {
      play(snapshot, pass, byRequest).forEach(leak -> findings.add(whole(leak)));
    }
    for (int i = 0; i < golden.requests().size(); i++) {
      Request request = golden.requests().get(i);
      String place = "request " + i + " " + request.method() + " " + request.path() + ": ";
      for (String difference : new Comparison(golden, request).compare(byRequest.get(i))) {
        findings.add(new Finding(i, place + difference));
      }
    }
    return findings;
  }

  private static Finding whole(String text) {
    return new Finding(Finding.WHOLE_CASE, text);
  }

  private String refusal() {
    return Objects.toString(golden.rejected(), "") + Objects.toString(golden.nack(), "");
  }

  /** Returns what is still held when all is over. */
  private List<String> play(MeshSnapshot snapshot, int pass, List<List<List<Result>>> byRequest) {
    VirtualTime time = new VirtualTime();
    Backends backends = new Backends();
    Random random = new Random(golden.name().hashCode() * 31L + pass);
    CallDriver driver = new CallDriver(snapshot, time, backends, random);
    for (int i = 0; i < golden.requests().size(); i++) {
      Request request = golden.requests().get(i);
      time.pass(Duration.ofMillis(request.waitMs()));
      byRequest.get(i).add(results(i, request, time, backends, driver));
    }
    time.pass(LAST_COPIES);
    return driver.leaks();
  }

  private List<Result> results(
      int index, Request request, VirtualTime time, Backends backends, CallDriver driver) {
    int count = request.count();
    List<@Nullable Outcome> outcomes = new ArrayList<>();
    for (int n = 0; n < count; n++) {
      outcomes.add(null);
    }
    if (request.concurrent() > 0) {
      for (int n = 0; n < count; n++) {
        int turn = n;
        time.after(
            Duration.ofMillis(request.staggerMs() * n),
            () -> driver.start(call(index, turn, request), o -> outcomes.set(turn, o)));
      }
      time.runUntil(() -> !outcomes.contains(null));
    } else {
      for (int n = 0; n < count; n++) {
        int turn = n;
        driver.start(call(index, n, request), o -> outcomes.set(turn, o));
        time.runUntil(() -> outcomes.get(turn) != null);
        time.pass(Duration.ofMillis(request.everyMs()));
      }
    }
    List<Result> results = new ArrayList<>();
    for (int n = 0; n < count; n++) {
      List<Received> received = backends.received(id(index, n));
      results.add(
          new Result(
              Objects.requireNonNull(outcomes.get(n)),
              received.stream().filter(each -> !isMirror(each)).toList(),
              received.stream().filter(this::isMirror).toList()));
    }
    return results;
  }

  private boolean isMirror(Received received) {
    return golden.mirrors().contains(received.instance());
  }

  private CallDriver.ClientCall call(int index, int turn, Request request) {
    List<Header> headers = new ArrayList<>(request.headers());
    headers.add(new Header("x-golden-id", id(index, turn)));
    if (request.echo() != null) {
      headers.add(new Header("x-echo", request.echo().toString()));
    }
    return new CallDriver.ClientCall(
        target(request),
        authority(request),
        request.method(),
        request.path(),
        headers,
        request.body(),
        Objects.requireNonNullElse(request.source(), LOOPBACK));
  }

  private String id(int index, int turn) {
    return golden.name() + "#" + index + "." + turn;
  }

  /** Where the client connects to, as an agent asks for it: in lower case, always with the port. */
  private static String target(Request request) {
    String authority = authority(request);
    int colon = authority.lastIndexOf(':');
    String host = colon < 0 ? authority : authority.substring(0, colon);
    int port = request.connectPort();
    if (port == 0) {
      port = colon < 0 ? DEFAULT_PORT : Integer.parseInt(authority.substring(colon + 1));
    }
    return host.toLowerCase(Locale.ROOT) + ":" + port;
  }

  private static String authority(Request request) {
    return Objects.requireNonNullElse(request.authority(), "");
  }
}
