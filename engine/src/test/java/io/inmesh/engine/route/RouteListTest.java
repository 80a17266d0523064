package io.inmesh.engine.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import io.inmesh.engine.model.HeaderMatcher;
import io.inmesh.engine.model.RetryPolicy;
import io.inmesh.engine.model.Route;
import io.inmesh.engine.model.RouteMatch;
import io.inmesh.engine.model.StringMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RouteListTest {
  private static final HeaderMatcher GOLD =
      new HeaderMatcher("tier", new StringMatcher.Exact("gold", false), false, false);

  private static Route route(int index, StringMatcher path, HeaderMatcher... headers) {
    RouteMatch match = new RouteMatch(path, List.of(headers), List.of());
    return new Route("r" + index, match, List.of(), RetryPolicy.NONE);
  }

  private static @Nullable String found(RouteList routes, FakeRequest request) {
    RoutePlan plan = routes.find(request);
    return plan == null ? null : plan.route().name();
  }

  @Test
  void find_severalMatch_firstWins() {
    RouteList routes =
        new RouteList(
            List.of(
                route(0, new StringMatcher.Exact("/a", false), GOLD),
                route(1, new StringMatcher.Prefix("/a", false), GOLD),
                route(2, new StringMatcher.Exact("/a", false)),
                route(3, new StringMatcher.Prefix("/", false)),
                route(4, new StringMatcher.Exact("/b", false))),
            false);

    assertThat(found(routes, new FakeRequest("/a").with("tier", "gold"))).isEqualTo("r0");
    assertThat(found(routes, new FakeRequest("/ab").with("tier", "gold"))).isEqualTo("r1");
    assertThat(found(routes, new FakeRequest("/a?q=1"))).isEqualTo("r2");
    assertThat(found(routes, new FakeRequest("/b"))).isEqualTo("r3");
    assertThat(found(routes, new FakeRequest("elsewhere"))).isNull();
  }

  /** The index must not change what a plain walk through the routes finds. */
  @Test
  void find_randomRoutes_asAPlainWalk() {
    Random random = new Random(11);
    for (int round = 0; round < 300; round++) {
      List<Route> list = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        StringMatcher path = path(random);
        list.add(random.nextInt(3) == 0 ? route(i, path, GOLD) : route(i, path));
      }
      RouteList routes = new RouteList(list, false);
      for (int i = 0; i < 30; i++) {
        FakeRequest request = new FakeRequest(text(random));
        if (random.nextBoolean()) {
          request.with("tier", "gold");
        }
        RoutePlan found = routes.find(request);
        assertThat(found == null ? null : found.route()).isSameAs(walk(list, request));
      }
    }
  }

  @Test
  void find_manyStarts_everyOneIsFound() {
    List<Route> list = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      list.add(route(i, new StringMatcher.Prefix("/a".repeat(i % 40) + "/p" + i + "/", false)));
    }
    RouteList routes = new RouteList(list, false);
    for (int i = 0; i < 1_000; i++) {
      assertThat(found(routes, new FakeRequest("/a".repeat(i % 40) + "/p" + i + "/x")))
          .isEqualTo("r" + i);
    }
    assertThat(found(routes, new FakeRequest("/a/p"))).isNull();
  }

  /** Starts whose hashes are the same. */
  @Test
  void find_hashesCollide_textDecides() {
    assertThat("/Aa").hasSameHashCodeAs("/BB");
    RouteList routes =
        new RouteList(
            List.of(
                route(0, new StringMatcher.Prefix("/Aa", false)),
                route(1, new StringMatcher.Prefix("/BB", false))),
            false);

    assertThat(found(routes, new FakeRequest("/BBx"))).isEqualTo("r1");
    assertThat(found(routes, new FakeRequest("/Aax"))).isEqualTo("r0");
    assertThat(found(routes, new FakeRequest("/AAx"))).isNull();
  }

  private static @Nullable Route walk(List<Route> routes, FakeRequest request) {
    for (Route route : routes) {
      if (Matching.matches(route.match().path(), request.path())
          && route.match().headers().stream().allMatch(h -> Matching.matches(h, request))) {
        return route;
      }
    }
    return null;
  }

  private static StringMatcher path(Random random) {
    return switch (random.nextInt(6)) {
      case 0 -> new StringMatcher.Exact(text(random), random.nextBoolean());
      case 1 -> new StringMatcher.Prefix(text(random), random.nextBoolean());
      case 2 -> new StringMatcher.Regex(Pattern.compile(text(random) + "[ab]*"));
      case 3 -> new StringMatcher.Regex(Pattern.compile(text(random) + "?" + text(random)));
      case 4 -> new StringMatcher.Regex(Pattern.compile(text(random) + "|" + text(random)));
      default -> new StringMatcher.Exact(text(random), false);
    };
  }

  /** One of the few short paths of two letters, in either case. */
  private static String text(Random random) {
    StringBuilder text = new StringBuilder("/");
    for (int i = random.nextInt(3); i > 0; i--) {
      text.append("abA".charAt(random.nextInt(3)));
    }
    return text.toString();
  }
}
