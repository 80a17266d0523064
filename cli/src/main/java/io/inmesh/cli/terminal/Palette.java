package io.inmesh.cli.terminal;

import java.util.Map;

/**
 * Paints text, or leaves it alone.
 *
 * @param coloured whether the reader sees colours
 */
public record Palette(boolean coloured) {

  /** Leaves every text alone. */
  public static final Palette PLAIN = new Palette(false);

  private static final String ESCAPE = "\u001b[";

  /**
   * Colours on a terminal, unless {@code NO_COLOR} (https://no-color.org) or a dumb terminal asks
   * for none.
   */
  public static Palette of(boolean terminal, Map<String, String> environment) {
    boolean refused =
        !environment.getOrDefault("NO_COLOR", "").isEmpty()
            || environment.getOrDefault("TERM", "").equals("dumb");
    return new Palette(terminal && !refused);
  }

  /** The text in a tone. */
  public String paint(Tone tone, String text) {
    return coloured && tone != Tone.PLAIN && !text.isEmpty()
        ? ESCAPE + tone.code() + "m" + text + ESCAPE + "0m"
        : text;
  }
}
