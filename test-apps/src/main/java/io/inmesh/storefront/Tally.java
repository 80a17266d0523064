package io.inmesh.storefront;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Who answered how many calls. Any thread may count; a line of {@link #json} is consistent. */
final class Tally {

  private final Map<String, Long> statuses = new TreeMap<>();
  private final Map<String, Long> versions = new TreeMap<>();
  private final Map<String, Long> instances = new TreeMap<>();
  private long calls;
  private long failed;
  private String lastFailure = "";

  synchronized void served(String status, String version, String instance) {
    calls++;
    statuses.merge(status, 1L, Long::sum);
    versions.merge(version, 1L, Long::sum);
    instances.merge(instance, 1L, Long::sum);
  }

  /** Counts a failed call by its status, or by what was thrown. */
  synchronized void failed(String status, String reason) {
    calls++;
    statuses.merge(status, 1L, Long::sum);
    failed++;
    lastFailure = reason;
  }

  synchronized long failed() {
    return failed;
  }

  synchronized String json(long startNanos) {
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
    return String.format(
        "{\"millis\":%d,\"calls\":%d,\"failed\":%d,\"statuses\":%s,\"versions\":%s,\"instances\":%s,"
            + "\"lastFailure\":%s}",
        millis,
        calls,
        failed,
        json(statuses),
        json(versions),
        json(instances),
        JsonHttpServer.quoted(lastFailure));
  }

  private static String json(Map<String, Long> counts) {
    return counts.entrySet().stream()
        .map(entry -> JsonHttpServer.quoted(entry.getKey()) + ":" + entry.getValue())
        .collect(Collectors.joining(",", "{", "}"));
  }
}
