package io.inmesh.benchmarks.harness;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The options of one run, {@code --name value} each; flags take no value. */
public final class Options {

  private static final Set<String> FLAGS = Set.of("bare", "record");

  private final Map<String, String> values;

  /**
   * Reads the arguments.
   *
   * @param known the options that this benchmark takes, without dashes
   * @throws IllegalArgumentException naming what is wrong and what there is
   */
  public static Options parse(String[] arguments, Set<String> known) {
    Map<String, String> values = new LinkedHashMap<>();
    for (int i = 0; i < arguments.length; i++) {
      String name = arguments[i].startsWith("--") ? arguments[i].substring(2) : "";
      if (!known.contains(name)) {
        throw new IllegalArgumentException(
            "unknown option '" + arguments[i] + "'; there are: " + List.copyOf(known));
      }
      if (FLAGS.contains(name)) {
        values.put(name, "true");
      } else if (++i < arguments.length) {
        values.put(name, arguments[i]);
      } else {
        throw new IllegalArgumentException("--" + name + " needs a value");
      }
    }
    return new Options(values);
  }

  private Options(Map<String, String> values) {
    this.values = values;
  }

  /** A count or a time; a positive number. */
  public int number(String name, int otherwise) {
    String text = values.getOrDefault(name, Integer.toString(otherwise));
    try {
      int number = Integer.parseInt(text);
      if (number > 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Told below, together with zero and negative numbers.
    }
    throw new IllegalArgumentException(
        "--" + name + " takes a positive number, not '" + text + "'");
  }

  public boolean flag(String name) {
    return values.containsKey(name);
  }

  /** JVM options for every measured process, from {@code --jvm "-Xmx256m -Xss512k"}. */
  public List<String> jvmOptions() {
    String text = values.getOrDefault("jvm", "").trim();
    return text.isEmpty() ? List.of() : List.of(text.split(" +", -1));
  }

  /** The options as given, for the report. */
  public Map<String, String> given() {
    return Map.copyOf(values);
  }
}
