package io.inmesh.policy;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Reads policy texts. */
public final class PolicyParser {

  /** Reads bytes. */
  public static ParsedPolicies parse(String source, byte[] bytes) {
    return parse(source, new String(bytes, StandardCharsets.UTF_8));
  }

  /** Reads a text. */
  public static ParsedPolicies parse(String source, String text) {
    return new ParsedPolicies(List.of(), List.of());
  }

  private PolicyParser() {}
}
