package io.inmesh.agent.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AgentConfigParserTest {
  private final Properties properties = new Properties();

  AgentConfigParserTest() {
    properties.setProperty("user.home", "/home/ann");
  }

  @Test
  void parse_nothing_defaults() {
    ParsedConfig parsed = parse(null, Map.of());

    assertThat(parsed.problems()).isEmpty();
    AgentConfig config = parsed.config();
    assertThat(config.controls()).containsExactly(URI.create("http://127.0.0.1:15010"));
    assertThat(config.service()).isEmpty();
    assertThat(config.namespace()).isEqualTo("default");
    assertThat(config.address()).isEqualTo("127.0.0.1");
    assertThat(config.dataDir()).isEqualTo(Path.of("/home/ann/.inmesh/agent"));
    assertThat(config.startupWait()).isEqualTo(Duration.ofSeconds(2));
    assertThat(config.enabled()).isTrue();
    assertThat(config.logLevel()).isEqualTo(LogLevel.WARN);
    assertThat(config.adminPort()).isEmpty();
  }

  @Test
  void parse_threeSources_argumentsBeforePropertiesBeforeEnvironment() {
    properties.setProperty("inmesh.service", "from-property");
    properties.setProperty("inmesh.namespace", "from-property");

    AgentConfig config =
        parse(
                "service=from-argument",
                Map.of(
                    "INMESH_SERVICE", "from-environment",
                    "INMESH_NAMESPACE", "from-environment",
                    "INMESH_SERVICE_ACCOUNT", "from-environment"))
            .config();

    assertThat(config.service()).isEqualTo("from-argument");
    assertThat(config.namespace()).isEqualTo("from-property");
    assertThat(config.serviceAccount()).isEqualTo("from-environment");
  }

  @Test
  void parse_everything_isRead() {
    AgentConfig config =
        parse(
                "control=http://a:1,b:2;service=orders.shop;labels=version=v2,tier=web;"
                    + "ports=8080:9081,9090;data.dir=/var/x;startup.wait=500ms;log.level=debug;"
                    + "admin.port=7000;address=10.0.0.7",
                Map.of())
            .config();

    assertThat(config.controls())
        .containsExactly(URI.create("http://a:1"), URI.create("http://b:2"));
    assertThat(config.service()).isEqualTo("orders.shop");
    assertThat(config.namespace()).isEqualTo("shop");
    assertThat(config.labels()).isEqualTo(Map.of("version", "v2", "tier", "web"));
    assertThat(config.ports())
        .isEqualTo(List.of(new PortMapping(8080, 9081), new PortMapping(9090, 9090)));
    assertThat(config.startupWait()).isEqualTo(Duration.ofMillis(500));
    assertThat(config.adminPort()).hasValue(7000);
    assertThat(config.address()).isEqualTo("10.0.0.7");
    assertThat(config.instance()).matches("orders-[0-9a-f]{6}");
  }

  @Test
  void parse_unknownNames_reportedWithNearest() {
    properties.setProperty("inmesh.serivce", "orders");

    List<String> problems =
        parse("portz=1;what", Map.of("INMESH_LOG_LEVLE", "info", "INMESHED", "x")).problems();

    assertThat(problems)
        .anyMatch(p -> p.contains("'portz'") && p.contains("'ports'"))
        .anyMatch(p -> p.contains("'what'") && p.contains("name=value"))
        .anyMatch(p -> p.contains("inmesh.serivce") && p.contains("'inmesh.service'"))
        .anyMatch(p -> p.contains("INMESH_LOG_LEVLE") && p.contains("'INMESH_LOG_LEVEL'"))
        .hasSize(4);
  }

  @Test
  void parse_badValues_reportedAndDefaulted() {
    ParsedConfig parsed =
        parse(
            "control=ftp://x;service=Orders!;ports=80:99999;startup.wait=soon;enabled=perhaps;"
                + "log.level=loud;admin.port=x;labels=v2;namespace=A B;data.dir=\u0000",
            Map.of());

    assertThat(parsed.problems()).hasSize(10).allMatch(p -> p.contains("the default is used"));
    assertThat(parsed.config().enabled()).isTrue();
    assertThat(parsed.config().ports()).isEmpty();
  }

  @Test
  void instanceName_mainClassOrJar_baseInLowerCase() {
    assertThat(InstanceName.base("", "com.acme.ShopMain --port 1")).isEqualTo("shopmain");
    assertThat(InstanceName.base("", "/opt/Shop App/x.y.jar a")).isEqualTo("shop");
    assertThat(InstanceName.base("", "/opt/shop-1.2.jar a")).isEqualTo("shop-1-2");
    assertThat(InstanceName.base("", "")).isEqualTo("java");
  }

  private ParsedConfig parse(@Nullable String arguments, Map<String, String> environment) {
    return AgentConfigParser.parse(arguments, properties, environment);
  }
}
