package io.inmesh.benchmarks.engine;

import io.inmesh.engine.OutboundCall;
import io.inmesh.engine.OutboundObserver;
import io.inmesh.engine.OutboundPipeline;
import io.inmesh.engine.RequestView;
import io.inmesh.engine.Step;
import io.inmesh.engine.model.LbPolicy;
import io.inmesh.engine.model.MeshSnapshot;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A whole call through the engine: route, weighted draw, endpoint, end. With {@code -prof gc} it
 * shows the bytes as well. The budget is 1 us and 200 B at 100 routes and endpoints, 2 us at 1000.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class DecisionBenchmark {
  /**
   * What the request asks for. {@code REGEX} and {@code REGEX_TWO} are a chain of classes, which
   * the engine decides by itself; {@code REGEX_GENERAL} goes through RE2/J; {@code UNMATCHED} falls
   * through to the last of the routes.
   */
  public enum Target {
    EXACT("/api/v1/resource48"),
    EXACT_QUERY("/api/v1/resource48?page=2&size=20"),
    PREFIX("/api/v1/folder49/a/b"),
    REGEX("/api/v1/item43/12345"),
    REGEX_TWO("/api/v1/item47/12345/lines"),
    REGEX_GENERAL("/api/v1/item37/12345/lines"),
    UNMATCHED("/other/place");

    private final String path;

    Target(String path) {
      this.path = path;
    }
  }

  /** How the clusters choose. */
  public enum Balancing {
    LEAST_REQUEST,
    ROUND_ROBIN;

    private LbPolicy policy() {
      return this == ROUND_ROBIN ? LbPolicy.ROUND_ROBIN : LbPolicy.LEAST_REQUEST;
    }
  }

  @Param public Balancing lbPolicy = Balancing.LEAST_REQUEST;
  @Param public Target target = Target.EXACT;

  /** How many routes there are, and endpoints of each cluster. */
  @Param({"100", "1000"})
  public int size = 100;

  private OutboundPipeline pipeline = pipeline(MeshSnapshot.EMPTY);
  private RequestView request = new FixedRequest(Target.EXACT.path);

  /** Builds the mesh for the parameters, once. */
  @Setup
  public void prepare() {
    pipeline = pipeline(BenchmarkMesh.snapshot(lbPolicy.policy(), size));
    request = new FixedRequest(target.path);
  }

  private static OutboundPipeline pipeline(MeshSnapshot snapshot) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(42);
    return new OutboundPipeline(() -> snapshot, random, System::nanoTime, OutboundObserver.NONE);
  }

  /** Decides about a call and ends it. */
  @Benchmark
  public Step decide() {
    try (OutboundCall call = pipeline.begin(request)) {
      return call.step();
    }
  }

  private record FixedRequest(String path) implements RequestView {
    private static final List<String> GOLD = List.of("gold");

    @Override
    public String authority() {
      return BenchmarkMesh.AUTHORITY;
    }

    @Override
    public String method() {
      return "GET";
    }

    @Override
    public String scheme() {
      return "http";
    }

    @Override
    public boolean mayHaveControlHeaders() {
      return false;
    }

    @Override
    public List<String> header(String name) {
      return name.equals("x-tier") ? GOLD : List.of();
    }
  }
}
