package io.inmesh.storefront;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Who answered how many calls. Any thread may count; a line of {@link #json} is consistent. */
final class Tally {

  private final Map<String, Long> versions = new TreeMap<>();
  private final Map<String, Long> instances = new TreeMap<>();
  private long calls;
  private long failed;
  private String lastFailure = "";

  synchronized void served(String version, String instance) {
    calls++;
    versions.merge(version, 1L, Long::sum);
    instances.merge(instance, 1L, Long::sum);
  }

  synchronized void failed(String reason) {
    calls++;
    failed++;
    lastFailure = reason;
  }

  synchronized long failed() {
    return failed;
  }

  synchronized String json(long startNanos) {
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
    return String.format(
        "{\"millis\":%d,\"calls\":%d,\"failed\":%d,\"versions\":%s,\"instances\":%s,\"lastFailure\":%s}",
        millis, calls, failed, json(versions), json(instances), JsonHttpServer.quoted(lastFailure));
  }

  private static String json(Map<String, Long> counts) {
    return counts.entrySet().stream()
        .map(entry -> JsonHttpServer.quoted(entry.getKey()) + ":" + entry.getValue())
        .collect(Collectors.joining(",", "{", "}"));
  }
}
