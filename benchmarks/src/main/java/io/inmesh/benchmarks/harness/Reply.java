package io.inmesh.benchmarks.harness;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One line from a measured process: a word, then {@code key=number} pairs.
 *
 * @param word what the line tells, such as {@code closed}
 * @param values its figures; each key names its unit
 */
public record Reply(String word, Map<String, Long> values) {

  public Reply {
    values = Map.copyOf(values);
  }

  /**
   * Reads a line.
   *
   * @throws IllegalArgumentException where a pair is not {@code key=number}
   */
  public static Reply parse(String line) {
    String[] words = line.trim().split(" +", -1);
    Map<String, Long> values = new LinkedHashMap<>();
    for (int i = 1; i < words.length; i++) {
      int equals = words[i].indexOf('=');
      if (equals < 0) {
        throw new IllegalArgumentException("no key=number in '" + words[i] + "' of: " + line);
      }
      values.put(words[i].substring(0, equals), Long.parseLong(words[i].substring(equals + 1)));
    }
    return new Reply(words[0], values);
  }

  /**
   * A figure of this line.
   *
   * @throws IllegalArgumentException where the line has no such figure
   */
  public long value(String key) {
    Long value = values.get(key);
    if (value == null) {
      throw new IllegalArgumentException("no " + key + " in " + this);
    }
    return value;
  }
}
