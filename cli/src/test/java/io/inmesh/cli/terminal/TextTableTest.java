package io.inmesh.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.cli.terminal.TextTable.Cell;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class TextTableTest {

  @Test
  void lines_ofColumns_areAsWideAsTheirWidestCell() {
    TextTable table = new TextTable("A", "LONG").row("wide", "x").row("y", "");
    assertThat(table.lines(Palette.PLAIN)).containsExactly("A      LONG", "wide   x", "y");
  }

  @Test
  void lines_inColour_alignAsWithout() {
    TextTable table =
        new TextTable("A", "B")
            .row(List.of(new Cell("ok", Tone.GOOD), Cell.of("x")))
            .row("longer", "y");
    assertThat(table.lines(new Palette(true)).get(1)).isEqualTo("\u001b[32mok\u001b[0m       x");
  }

  @Test
  void palette_ofNoColorOrNoTerminal_isPlain() {
    assertThat(Palette.of(true, Map.of()).coloured()).isTrue();
    assertThat(Palette.of(false, Map.of()).coloured()).isFalse();
    assertThat(Palette.of(true, Map.of("NO_COLOR", "1")).coloured()).isFalse();
    assertThat(Palette.of(true, Map.of("TERM", "dumb")).coloured()).isFalse();
  }

  @Test
  void ages_growInUnits() {
    Instant start = Instant.parse("2026-01-01T00:00:00Z");
    assertThat(Ages.since(start.toString(), start.plusSeconds(119))).isEqualTo("119s");
    assertThat(Ages.since(start.toString(), start.plusSeconds(120))).isEqualTo("2m");
    assertThat(Ages.since(start.toString(), start.plusSeconds(3 * 3600))).isEqualTo("3h");
    assertThat(Ages.since(start.toString(), start.plusSeconds(48 * 3600))).isEqualTo("2d");
    assertThat(Ages.since("", start)).isEqualTo("<unknown>");
    assertThat(Ages.since("soon", start)).isEqualTo("<unknown>");
  }
}
