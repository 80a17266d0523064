package io.inmesh.golden;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/** The recordings, as they lie among the resources. A field that nobody reads is an error. */
public final class GoldenData {
  /** Reads them. */
  public static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);

  private static final List<String> FAMILIES =
      List.of(
          "balance",
          "client",
          "combine",
          "cors",
          "fault",
          "h2",
          "headers",
          "host",
          "match",
          "merge",
          "mirror",
          "outlier",
          "pool",
          "redirect",
          "retry",
          "rewrite",
          "timeout",
          "weight");

  /** All of them, by family. */
  public static List<GoldenCase> cases() {
    List<GoldenCase> cases = new ArrayList<>();
    for (String family : FAMILIES) {
      for (JsonNode one : tree(family + ".json").get("cases")) {
        cases.add(JSON.convertValue(one, GoldenCase.class));
      }
    }
    return cases;
  }

  /** What was made up from seeds and recorded by tools/record-golden, by seed. */
  public static List<GoldenCase> generated() {
    List<GoldenCase> cases = new ArrayList<>();
    for (JsonNode one : lines("generated.jsonl.gz")) {
      cases.add(JSON.convertValue(one, GoldenCase.class));
    }
    return cases;
  }

  /** A compressed file with JSON in each line. */
  public static List<JsonNode> lines(String name) {
    List<JsonNode> all = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(new GZIPInputStream(stream(name)), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        all.add(JSON.readTree(line));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(name, e);
    }
    return all;
  }

  /** A file in JSON. */
  public static JsonNode tree(String name) {
    try {
      return JSON.readTree(text(name));
    } catch (IOException e) {
      throw new UncheckedIOException(name, e);
    }
  }

  /** A file. */
  public static String text(String name) {
    try (InputStream in = stream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(name, e);
    }
  }

  private static InputStream stream(String name) {
    return Objects.requireNonNull(GoldenData.class.getResourceAsStream("/golden/" + name), name);
  }

  private GoldenData() {}
}
