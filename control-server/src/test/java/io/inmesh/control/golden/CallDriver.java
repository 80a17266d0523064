package io.inmesh.control.golden;

import io.inmesh.engine.HeaderEdits;
import io.inmesh.engine.MirrorCall;
import io.inmesh.engine.OutboundCall;
import io.inmesh.engine.OutboundObserver;
import io.inmesh.engine.OutboundPipeline;
import io.inmesh.engine.RequestHead;
import io.inmesh.engine.RequestView;
import io.inmesh.engine.ResponseView;
import io.inmesh.engine.Step;
import io.inmesh.engine.balance.ClusterState;
import io.inmesh.engine.model.Endpoint;
import io.inmesh.engine.model.MeshSnapshot;
import io.inmesh.golden.Backends;
import io.inmesh.golden.Backends.Reply;
import io.inmesh.golden.GoldenCall;
import io.inmesh.golden.GoldenCase.Header;
import io.inmesh.golden.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Does what the engine's steps say, as the adaptation to a library does: it sends attempts to the
 * fake backends and tells the outcomes. The only place of the replay that knows the engine's calls.
 */
final class CallDriver {
  /** One way and back on a loopback interface, roughly. */
  private static final Duration ROUND_TRIP = Duration.ofMillis(1);

  /** As Envoy's buffer: a longer body is gone once it was sent. */
  private static final int REPEATABLE_BODY = 1 << 20;

  /** What stands for the library's own exception; Envoy has an answer for each. */
  private static final int NO_ANSWER = 503;

  private final MeshSnapshot snapshot;
  private final OutboundPipeline pipeline;
  private final VirtualTime time;
  private final Backends backends;

  CallDriver(MeshSnapshot snapshot, VirtualTime time, Backends backends, RandomGenerator random) {
    this.snapshot = snapshot;
    this.pipeline =
        new OutboundPipeline(() -> snapshot, random, time::nanos, OutboundObserver.NONE);
    this.time = time;
    this.backends = backends;
  }

  private record Head(Reply.Response response) implements ResponseView {
    @Override
    public int status() {
      return response.status();
    }

    @Override
    public List<String> header(String lowerCaseName) {
      return values(response.headers(), lowerCaseName);
    }
  }

  /** Begins a call; {@code whenDone} gets what the application got. */
  void start(GoldenCall call, Consumer<Outcome> whenDone) {
    new Running(call, whenDone).begin();
  }

  /** What calls that are over still hold: none of it, if every outcome gives back what it took. */
  List<String> leaks() {
    List<String> leaks = new ArrayList<>();
    for (String name : snapshot.clusters().keySet()) {
      ClusterState state = pipeline.state(name);
      if (state != null
          && (state.requests() != 0
              || state.retries() != 0
              || state.connections() != 0
              || state.waiting() != 0
              || state.endpoints().stream().anyMatch(each -> each.active() != 0))) {
        leaks.add("still held after the last call: " + name + " " + state);
      }
    }
    return leaks;
  }

  private final class Running implements RequestView {
    private final GoldenCall call;
    private final Consumer<Outcome> whenDone;
    private final long began = time.nanos();
    private final OutboundCall outbound;
    private boolean mirrored;
    private Reply.@Nullable Response response;

    Running(GoldenCall call, Consumer<Outcome> whenDone) {
      this.call = call;
      this.whenDone = whenDone;
      this.outbound = pipeline.begin(this);
    }

    void begin() {
      if (call.body().length() > REPEATABLE_BODY) {
        outbound.notRepeatable();
      }
      act(outbound.step());
    }

    private void act(Step step) {
      if (step instanceof Step.Wait wait) {
        time.after(wait.duration(), () -> act(outbound.waited()));
      } else if (step instanceof Step.Attempt attempt) {
        send(attempt);
      } else if (step instanceof Step.LocalReply reply) {
        finish(
            reply.status(),
            edited(List.of(), new HeaderEdits(List.of(), reply.headers())),
            bodiless(reply.status()) ? "" : reply.body(),
            false);
      } else if (step instanceof Step.Deliver) {
        deliver();
      } else {
        finish(0, List.of(), null, false);
      }
    }

    private boolean bodiless(int status) {
      return call.method().equals("HEAD") || status == 204 || status == 304;
    }

    private void send(Step.Attempt attempt) {
      response = null;
      new Try(attempt).begin();
    }

    /** One attempt: first it needs a connection, then an answer, both within its time. */
    private final class Try {
      private final Endpoint endpoint;
      private final RequestHead head;
      private Duration patience;
      private long began = time.nanos();
      private boolean over;

      Try(Step.Attempt attempt) {
        this.endpoint = attempt.endpoint();
        this.head = attempt.head();
        this.patience = attempt.responseTimeout();
      }

      void begin() {
        startTimer();
        // Over HTTP/2 one connection serves all.
        OutboundCall.Entry entry =
            backends.multiplexes(endpoint.address())
                ? OutboundCall.Entry.ADMITTED
                : outbound.enter(() -> time.after(Duration.ZERO, this::send));
        switch (entry) {
          case ADMITTED -> send();
          case WAITS -> mirror();
          case OVERFLOW -> end(outbound::overflowed);
        }
      }

      private void send() {
        if (over) {
          return;
        }
        if (backends.refuses(endpoint.address(), endpoint.port())) {
          mirror();
          time.after(ROUND_TRIP, () -> end(outbound::connectFailed));
          return;
        }
        outbound.connected();
        began = time.nanos();
        patience = outbound.timeLeft();
        startTimer();
        Reply reply = receive(endpoint, head);
        mirror();
        time.after(reply.delay().plus(ROUND_TRIP), () -> end(() -> told(reply)));
      }

      private void startTimer() {
        if (!patience.isZero()) {
          time.after(patience, this::expire);
        }
      }

      private void expire() {
        // The timer of the wait for a connection ends with that.
        if (time.nanos() - began >= patience.toNanos()) {
          end(outbound::timedOut);
        }
      }

      private void end(Supplier<Step> outcome) {
        if (!over) {
          over = true;
          act(outcome.get());
        }
      }
    }

    private Step told(Reply reply) {
      if (reply instanceof Reply.Response came) {
        response = came;
        return outbound.responded(new Head(came));
      }
      return reply instanceof Reply.Lost lost && !lost.streamOnly()
          ? outbound.reset(true)
          : outbound.streamReset(reply instanceof Reply.Refused);
    }

    private Reply receive(Endpoint endpoint, RequestHead head) {
      // The engine leaves out the port that the scheme implies, as libraries write Host.
      String target = call.target();
      boolean unchanged =
          head.authority().equals(target)
              || (target.endsWith(":80")
                  && head.authority().equals(target.substring(0, target.length() - 3)));
      return backends.receive(
          endpoint.address(),
          endpoint.port(),
          call.method(),
          head.path(),
          unchanged ? call.authority() : head.authority(),
          edited(call.headers(), head.edits()),
          call.body());
    }

    private void mirror() {
      if (mirrored) {
        return;
      }
      mirrored = true;
      for (MirrorCall mirror : outbound.mirrors()) {
        copy(mirror);
      }
    }

    private void copy(MirrorCall mirror) {
      if (backends.refuses(mirror.endpoint().address(), mirror.endpoint().port())) {
        time.after(
            ROUND_TRIP,
            () -> {
              mirror.connectFailed();
              mirror.close();
            });
        return;
      }
      Reply reply = receive(mirror.endpoint(), mirror.head());
      time.after(
          reply.delay().plus(ROUND_TRIP),
          () -> {
            if (reply instanceof Reply.Response came) {
              mirror.responded(came.status());
            } else {
              mirror.reset();
            }
            mirror.close();
          });
    }

    private void deliver() {
      Reply.Response came = response;
      if (came == null) {
        finish(NO_ANSWER, List.of(), null, true);
        return;
      }
      HeaderEdits edits = outbound.responseEdits(new Head(came));
      finish(came.status(), edited(came.headers(), edits), null, false);
    }

    private void finish(int status, List<Header> headers, @Nullable String body, boolean lost) {
      Outcome outcome =
          new Outcome(
              status,
              response != null && response.truncated(),
              headers,
              body,
              response == null ? null : response.instance(),
              outbound.flags(),
              lost,
              outbound.detail() + " " + outbound.cluster() + " " + outbound.routeName(),
              Duration.ofNanos(time.nanos() - began));
      outbound.close();
      whenDone.accept(outcome);
    }

    @Override
    public String authority() {
      return call.target();
    }

    @Override
    public String method() {
      return call.method();
    }

    @Override
    public String scheme() {
      return "http";
    }

    @Override
    public String path() {
      return call.path();
    }

    @Override
    public String sourceAddress() {
      return call.source();
    }

    @Override
    public List<String> header(String name) {
      return values(call.headers(), name);
    }
  }

  private static List<String> values(List<Header> headers, String name) {
    return headers.stream()
        .filter(each -> each.name().equalsIgnoreCase(name))
        .map(Header::value)
        .toList();
  }

  private static List<Header> edited(List<Header> headers, HeaderEdits edits) {
    List<Header> edited =
        new ArrayList<>(
            headers.stream()
                .filter(each -> !edits.removed().contains(each.name().toLowerCase(Locale.ROOT)))
                .toList());
    edits.values().forEach(each -> edited.add(new Header(each.name(), each.value())));
    return edited;
  }
}
