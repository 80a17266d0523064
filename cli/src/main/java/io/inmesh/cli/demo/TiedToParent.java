package io.inmesh.cli.demo;

import java.io.IOException;
import java.util.Arrays;

/**
 * Runs another class's main in a JVM that ends when its standard input does, so that a program
 * which does not watch its parent cannot be left behind by it.
 */
final class TiedToParent {

  private TiedToParent() {}

  /** The first argument is the class, the others are its own. */
  public static void main(String[] args) throws ReflectiveOperationException {
    Thread watcher = new Thread(TiedToParent::awaitEnd, "standard-input");
    watcher.setDaemon(true);
    watcher.start();
    Class.forName(args[0])
        .getMethod("main", String[].class)
        .invoke(null, (Object) Arrays.copyOfRange(args, 1, args.length));
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
