package io.inmesh.cli.terminal;

/** What a text says by its colour; a reader without colours misses nothing but emphasis. */
public enum Tone {
  PLAIN(""),
  STRONG("1"),
  DIM("2"),
  BAD("31"),
  GOOD("32"),
  CAUTION("33"),
  ACCENT("36");

  /** The SGR parameter of ECMA-48. */
  private final String code;

  Tone(String code) {
    this.code = code;
  }

  String code() {
    return code;
  }
}
