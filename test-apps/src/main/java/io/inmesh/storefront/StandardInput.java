package io.inmesh.storefront;

import java.io.IOException;

/** Ties a process to the one that started it, through the pipe that is its standard input. */
final class StandardInput {

  private StandardInput() {}

  /**
   * Ends this JVM as soon as standard input ends: whoever holds its other end is gone, however it
   * went. Without this a parent that is killed leaves its children behind.
   */
  static void endWithIt() {
    Thread watcher = new Thread(StandardInput::awaitEnd, "standard-input");
    watcher.setDaemon(true);
    watcher.start();
  }

  private static void awaitEnd() {
    try {
      while (System.in.read() >= 0) {
        // What is said does not matter, only that someone is there to say it.
      }
    } catch (IOException e) {
      System.err.println("standard input is lost, ending: " + e.getMessage());
    }
    System.exit(0);
  }
}
