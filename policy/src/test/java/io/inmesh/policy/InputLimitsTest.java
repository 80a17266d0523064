package io.inmesh.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is too large, too deep, or no text: each is refused at once, with what to do. */
@Timeout(20)
class InputLimitsTest {

  private static final String HEAD =
      "apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: a}\nspec: ";

  @Test
  void parse_tenMegabytes_isRefusedBeforeReading() {
    byte[] bytes = new byte[10 << 20];
    Arrays.fill(bytes, (byte) 'a');
    long start = System.nanoTime();
    assertThat(only(PolicyParser.parse("big.yaml", bytes)))
        .isEqualTo(
            "big.yaml: is too large: 10.0 MiB, and an input may have 8 MiB; split it into several"
                + " files, and check that it is policy");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
  }

  @Test
  void parse_documentOverOneMebibyte_isRefused() {
    String text = HEAD + "{}\n---\n" + HEAD + "\"" + "a".repeat(1 << 20) + "\"\n";
    assertThat(PolicyParser.parse("f", text).errors().toString())
        .contains("f:5: the document is too large: 1.0 MiB, and a resource may have 1 MiB");
  }

  @Test
  void parse_deepNesting_isRefused() {
    for (String open : new String[] {"[", "{a: ", "- "}) {
      assertThat(only(PolicyParser.parse("f", "- " + open.repeat(100_000))))
          .startsWith("f:1: nested too deeply: more than 64 levels");
    }
  }

  @Test
  void parse_aliasBomb_isRefused() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 12; i++) {
      bomb.append("a" + i + ": &a" + i + " [" + ("*a" + (i - 1) + ", ").repeat(9))
          .append("*a" + (i - 1) + "]\n");
    }
    assertThat(only(PolicyParser.parse("f", bomb.toString())))
        .startsWith("f:5: the document is too large: more than 100000 values, aliases");
  }

  @Test
  void parse_notUtf8_namesTheOffset() {
    byte[] bytes = (HEAD + "\n  hosts: [bücher]\n").getBytes(StandardCharsets.ISO_8859_1);
    int offset = new String(bytes, StandardCharsets.ISO_8859_1).indexOf('ü');
    assertThat(only(PolicyParser.parse("f", bytes)))
        .isEqualTo(
            "f:5: not UTF-8: the byte 0xfc at offset "
                + offset
                + " begins no character; save the file as UTF-8");
  }

  @Test
  void parse_truncatedUtf8_isRefused() {
    byte[] bytes = "a: ü".getBytes(StandardCharsets.UTF_8);
    assertThat(only(PolicyParser.parse("f", Arrays.copyOf(bytes, bytes.length - 1))))
        .contains("not UTF-8", "offset 3");
  }

  @Test
  void parse_utf16_saysSo() {
    assertThat(only(PolicyParser.parse("f", HEAD.getBytes(StandardCharsets.UTF_16))))
        .isEqualTo("f: is encoded in UTF-16; save it as UTF-8");
  }

  @Test
  void parse_controlCharacter_namesLineAndOffset() {
    assertThat(only(PolicyParser.parse("f", "a: b\nc: \u0000d\n")))
        .startsWith("f:2: the character U+0000 (offset 8) is not allowed");
  }

  @Test
  void parse_nothing_isAnError() {
    for (String text : new String[] {"", "\n", "---\n", "# only\n", "\uFEFF"}) {
      assertThat(only(PolicyParser.parse("f", text))).startsWith("f: holds no resource");
      assertThat(only(PolicyParser.parse("f", text.getBytes(StandardCharsets.UTF_8))))
          .startsWith("f: holds no resource");
    }
  }

  @Test
  void parse_thousandsOfMistakes_reportsSome() {
    String document = HEAD + "{" + "x: 1, ".repeat(1) + "}\n---\n";
    ParsedPolicies many = PolicyParser.parse("f", document.repeat(5_000));
    assertThat(many.problems()).hasSizeLessThan(1_100);
    String fields = HEAD + "\n" + "  x%d: 1\n".repeat(1_000);
    Object[] numbers = new Object[1_000];
    Arrays.setAll(numbers, i -> i);
    ParsedPolicies wide = PolicyParser.parse("f", String.format(fields, numbers));
    assertThat(wide.problems()).hasSizeLessThan(100);
    assertThat(wide.problems().toString()).contains("what else there may be is not shown");
  }

  @Test
  void parse_largeButSound_isReadInReasonableTime() {
    String document =
        HEAD + "{hosts: [orders], http: [{route: [{destination: {host: orders}}]}]}\n---\n";
    String text = document.repeat(10_000);
    long start = System.nanoTime();
    assertThat(PolicyParser.parse("f", text).resources()).hasSize(10_000);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
  }

  @Test
  void parse_manyWarnings_refuseNothing() {
    StringBuilder rules = new StringBuilder(HEAD + "\n  hosts: [orders]\n  http:\n");
    for (int i = 0; i < 3_000; i++) {
      rules.append("  - {match: [{uri: {prefix: /a}}], route: [{destination: {host: orders}}]}\n");
    }
    ParsedPolicies parsed = PolicyParser.parse("f", rules.toString());
    assertThat(parsed.hasErrors()).isFalse();
    assertThat(parsed.resources()).hasSize(1);
    assertThat(parsed.warnings()).hasSize(20);
  }

  @Test
  void parse_endpointsAndPortsByTheThousand_isNotQuadratic() {
    StringBuilder entry =
        new StringBuilder(
            HEAD.replace("VirtualService", "ServiceEntry")
                + "\n  hosts: [orders.shop]\n  resolution: STATIC\n  ports:\n");
    for (int i = 1; i < 10_000; i++) {
      entry.append("  - {number: ").append(i).append(", name: p").append(i).append("}\n");
    }
    entry.append("  endpoints:\n  - address: 127.0.0.1\n    ports:\n");
    for (int i = 1; i < 10_000; i++) {
      entry.append("      q").append(i).append(": ").append(i).append('\n');
    }
    assertThat(PolicyParser.parse("f", entry.toString()).errors()).hasSize(50);
  }

  @Test
  void parse_longValues_takeNoLongTime() {
    String route = "{hosts: [orders], http: [{route: [{destination: {host: orders}}], ";
    String retries = "retries: {attempts: 1, retryOn: \"" + "5yy,".repeat(200_000) + "\"}}]}";
    assertThat(PolicyParser.parse("f", HEAD + route + retries).errors()).hasSize(1);
    String headers = "headers: {request: {set: {x-a: \"" + "%PROTOCOL%".repeat(80_000) + "\"}}}}]}";
    assertThat(only(PolicyParser.parse("f", HEAD + route + headers))).contains("16384 bytes");
    StringBuilder places =
        new StringBuilder(HEAD.replace("VirtualService", "DestinationRule"))
            .append("{host: a, trafficPolicy: {loadBalancer: {localityLbSetting: {distribute: [")
            .append("{from: a, to: {");
    for (int i = 0; i < 40_000; i++) {
      places.append('r').append(i).append(": 1, ");
    }
    places.append("z: 1}}]}}}}");
    assertThat(PolicyParser.parse("f", places.toString()).errors())
        .anyMatch(problem -> problem.message().contains("at most 1000 places"));
  }

  @Test
  void parse_tooManyHosts_isRefused() {
    String hosts = HEAD + "{hosts: [" + "a.example.com, ".repeat(1_001) + "b], http: [{route: [";
    String text = hosts + "{destination: {host: orders}}]}]}";
    assertThat(only(PolicyParser.parse("f", text)))
        .endsWith("at most 1000 hosts are possible, found 1002");
  }

  private static String only(ParsedPolicies parsed) {
    assertThat(parsed.resources()).isEmpty();
    assertThat(parsed.problems()).hasSize(1);
    return parsed.problems().get(0).toString();
  }
}
