package io.inmesh.e2e;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * A document of policy as it is put on a control server: its own text, and where it goes.
 *
 * @param path of its collection and name in the REST API
 * @param age what it says of its creation; a server takes what comes first to be older
 */
record ReplayPolicy(String path, String name, long age, String text) {
  private static final String APPLY = "application/apply-patch+yaml";
  private static final Pattern SEPARATOR = Pattern.compile("(?m)^---.*$");

  /** The documents of a text, the oldest first; of the same age, by name, as Istio has it. */
  static List<ReplayPolicy> all(String yaml) {
    List<ReplayPolicy> all = new ArrayList<>();
    Arrays.stream(SEPARATOR.split(yaml))
        .filter(Predicate.not(String::isBlank))
        .forEach(text -> all.add(of(text)));
    all.sort(Comparator.comparingLong(ReplayPolicy::age).thenComparing(ReplayPolicy::name));
    return all;
  }

  private static ReplayPolicy of(String text) {
    Map<?, ?> document = (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(text);
    Map<?, ?> metadata = (Map<?, ?>) Objects.requireNonNull(document.get("metadata"), text);
    String kind = String.valueOf(document.get("kind")).toLowerCase(Locale.ROOT);
    String plural = kind.endsWith("y") ? kind.substring(0, kind.length() - 1) + "ies" : kind + "s";
    String name = String.valueOf(metadata.get("name"));
    Object namespace = metadata.get("namespace");
    Object created = metadata.get("creationTimestamp");
    String path =
        "/apis/"
            + document.get("apiVersion")
            + "/namespaces/"
            + (namespace == null ? "default" : namespace)
            + "/"
            + plural
            + "/"
            + URLEncoder.encode(name, StandardCharsets.UTF_8);
    return new ReplayPolicy(path, name, seconds(created), text);
  }

  private static long seconds(@Nullable Object created) {
    if (created instanceof Date date) {
      return date.toInstant().getEpochSecond();
    }
    return created == null ? 0 : Instant.parse(created.toString()).getEpochSecond();
  }

  /** Applies it; returns the server's refusal, empty if there is none. */
  String apply(ControlServer control) {
    ControlServer.Answer answer = control.send("PATCH", path, text, APPLY);
    return answer.status() < 300 ? "" : answer.body().path("message").asText(answer.toString());
  }

  /** Takes it away, if it is there. */
  void delete(ControlServer control) {
    ControlServer.Answer answer = control.send("DELETE", path, "", "application/json");
    if (answer.status() != 200 && answer.status() != 404) {
      throw new AssertionError("DELETE " + path + ": " + answer);
    }
  }
}
