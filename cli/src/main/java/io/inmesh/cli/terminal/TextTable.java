package io.inmesh.cli.terminal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Rows of text under headings, in columns as wide as their widest cell. */
public final class TextTable {

  private static final String GAP = "   ";

  /** One cell. */
  public record Cell(String text, Tone tone) {

    /** A cell without emphasis. */
    public static Cell of(String text) {
      return new Cell(text, Tone.PLAIN);
    }
  }

  private final List<List<Cell>> rows = new ArrayList<>();

  public TextTable(String... headings) {
    this(Arrays.asList(headings));
  }

  public TextTable(List<String> headings) {
    rows.add(headings.stream().map(heading -> new Cell(heading, Tone.STRONG)).toList());
  }

  /** Adds a row; it may be shorter than the headings. */
  public TextTable row(List<Cell> cells) {
    rows.add(List.copyOf(cells));
    return this;
  }

  /** Adds a row of plain cells. */
  public TextTable row(String... cells) {
    return row(Arrays.stream(cells).map(Cell::of).toList());
  }

  /** Whether it has no row yet. */
  public boolean isEmpty() {
    return rows.size() == 1;
  }

  /** The lines, headings first, without blanks at their ends. */
  public List<String> lines(Palette palette) {
    int[] widths = widths();
    return rows.stream().map(row -> line(row, widths, palette)).toList();
  }

  private int[] widths() {
    int[] widths = new int[rows.stream().mapToInt(List::size).max().orElse(0)];
    for (List<Cell> row : rows) {
      for (int i = 0; i < row.size(); i++) {
        widths[i] = Math.max(widths[i], row.get(i).text().length());
      }
    }
    return widths;
  }

  private static String line(List<Cell> row, int[] widths, Palette palette) {
    StringBuilder line = new StringBuilder();
    int blanks = 0;
    for (int i = 0; i < row.size(); i++) {
      Cell cell = row.get(i);
      if (!cell.text().isEmpty()) {
        line.append(" ".repeat(blanks)).append(palette.paint(cell.tone(), cell.text()));
        blanks = 0;
      }
      blanks += widths[i] - cell.text().length() + GAP.length();
    }
    return line.toString();
  }
}
