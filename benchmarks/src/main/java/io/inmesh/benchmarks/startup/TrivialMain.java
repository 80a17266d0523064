package io.inmesh.benchmarks.startup;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;

/**
 * A program: the least that can be started. Prints when its main began and when its first call was
 * answered, on the clock of {@link System#nanoTime()}. Concatenates without {@code +}, whose first
 * use alone would cost tens of milliseconds.
 *
 * <ul>
 *   <li>{@code exit}: ends at once.
 *   <li>{@code call URL}: makes one call at once, then ends.
 *   <li>{@code stay URL}: makes one call when told by a byte on standard input, and ends with it.
 * </ul>
 */
public final class TrivialMain {

  public static void main(String[] arguments) throws IOException {
    tell("line nanos=");
    if (arguments[0].equals("exit")) {
      return;
    }
    boolean stay = arguments[0].equals("stay");
    if (stay) {
      System.in.read();
    }
    HttpURLConnection connection =
        (HttpURLConnection) URI.create(arguments[1]).toURL().openConnection();
    try (InputStream body = connection.getInputStream()) {
      body.transferTo(OutputStream.nullOutputStream());
    }
    tell("answer nanos=");
    if (stay) {
      System.in.transferTo(OutputStream.nullOutputStream());
    }
  }

  private static void tell(String what) {
    System.out.println(what.concat(Long.toString(System.nanoTime())));
  }

  private TrivialMain() {}
}
