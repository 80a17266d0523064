package io.inmesh.e2e;

import java.util.List;
import java.util.regex.Pattern;

/** Follows a page from its first command to its last, as a user would, and compares. */
final class Reader implements AutoCloseable {
  /**
   * Commands that change nothing. Policy is in force, a log written and a service there a moment
   * after they could be looked at: readers look again.
   */
  private static final Pattern LOOKS = Pattern.compile("curl |grep |\\./meshctl services");

  private final Page page;
  private final PageMesh mesh;
  private final Bash terminal;
  private int next;

  Reader(Page page, PageMesh mesh) {
    this.page = page;
    this.mesh = mesh;
    this.terminal = mesh.terminal();
  }

  /** Follows it up to a command, that one included; what it printed. */
  List<String> through(String part) {
    while (next < page.steps().size()) {
      Page.Step step = page.steps().get(next++);
      List<String> seen = follow(step);
      if (step.command().contains(part)) {
        return seen;
      }
    }
    throw new AssertionError(page.file() + " has no more command with '" + part + "'");
  }

  /** Follows it to its end. */
  void toTheEnd() {
    while (next < page.steps().size()) {
      follow(page.steps().get(next++));
    }
  }

  private List<String> follow(Page.Step step) {
    long end = System.nanoTime() + Poll.PATIENCE.toNanos();
    List<String> seen = type(step);
    while (!step.matches(seen)) {
      if (!LOOKS.matcher(step.command()).lookingAt() || System.nanoTime() > end) {
        throw new AssertionError(
            step.place()
                + ": $ "
                + step.command()
                + "\nprinted\n  "
                + String.join("\n  ", seen)
                + "\nand the page says\n  "
                + String.join("\n  ", step.output()));
      }
      seen = type(step);
    }
    return seen;
  }

  private List<String> type(Page.Step step) {
    Bash.Ran ran = terminal.run(mesh.here(step.command()));
    if (step.command().startsWith("./meshctl apply")
        || step.command().startsWith("./meshctl delete")) {
      mesh.awaitSync();
    }
    return mesh.asOnPage(ran.lines());
  }

  @Override
  public void close() {
    if (next < page.steps().size()) {
      // It broke off here: the pages after it shall not suffer.
      terminal.run("./meshctl delete --ignore-not-found -f " + page.file().getParent());
      mesh.awaitSync();
    }
    terminal.close();
  }
}
