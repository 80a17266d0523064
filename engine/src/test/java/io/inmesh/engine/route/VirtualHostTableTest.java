package io.inmesh.engine.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.engine.model.RetryPolicy;
import io.inmesh.engine.model.Route;
import io.inmesh.engine.model.RouteConfiguration;
import io.inmesh.engine.model.RouteMatch;
import io.inmesh.engine.model.StringMatcher;
import io.inmesh.engine.model.VirtualHost;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VirtualHostTableTest {
  private static final VirtualHostTable TABLE =
      table(
          "*",
          "*.foo.com",
          "*.bar.foo.com",
          "*-x.foo.com",
          "foo.*",
          "foo.bar.*",
          "a.foo.com",
          "Upper.Example",
          "ported:8080",
          "ported",
          "[::1]:80",
          "[::2]");

  /** Each domain is a virtual host of its own, whose only route is named after it. */
  private static VirtualHostTable table(String... domains) {
    List<VirtualHost> hosts = new ArrayList<>();
    RouteMatch all = new RouteMatch(new StringMatcher.Present(), List.of(), List.of());
    for (String domain : domains) {
      Route route = new Route(domain, all, List.of(), RetryPolicy.NONE);
      hosts.add(new VirtualHost(domain, List.of(domain), List.of(route)));
    }
    return new VirtualHostTable(new RouteConfiguration("test", hosts));
  }

  private static @Nullable String found(VirtualHostTable table, String authority) {
    RoutePlan plan = table.find(new FakeRequest(authority, "/"));
    return plan == null ? null : plan.route().name();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "a.foo.com a.foo.com",
        "a.foo.com:80 a.foo.com",
        "A.Foo.COM a.foo.com",
        "b.foo.com *.foo.com",
        "b.foo.com:8080 *.foo.com",
        "b.bar.foo.com *.bar.foo.com",
        "b-x.foo.com *-x.foo.com",
        ".foo.com *",
        "foo.org foo.*",
        "foo.bar.org foo.bar.*",
        "foo. *",
        "foo.foo.com *.foo.com",
        "UPPER.example upper.example",
        "ported:8080 ported:8080",
        "ported:9090 ported",
        "[::1]:80 [::1]:80",
        "[::1]:81 *",
        "[::2]:81 [::2]",
        "[::2] [::2]",
        "nothing *"
      })
  void find_authority_mostSpecificDomain(String authority, String domain) {
    assertThat(found(TABLE, authority)).isEqualToIgnoringCase(domain);
  }

  @Test
  void find_noDomain_none() {
    assertThat(found(table("a", "*.b", "c.*"), "elsewhere")).isNull();
  }

  @Test
  void find_hostWithoutMatchingRoute_noOtherHostIsAsked() {
    VirtualHostTable table =
        new VirtualHostTable(
            new RouteConfiguration(
                "test",
                List.of(
                    new VirtualHost("a", List.of("a"), List.of()),
                    new VirtualHost(
                        "any",
                        List.of("*"),
                        List.of(
                            new Route(
                                "all",
                                new RouteMatch(new StringMatcher.Present(), List.of(), List.of()),
                                List.of(),
                                RetryPolicy.NONE))))));

    assertThat(found(table, "a")).isNull();
    assertThat(found(table, "b")).isEqualTo("all");
  }
}
