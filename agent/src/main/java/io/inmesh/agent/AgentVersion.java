package io.inmesh.agent;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** The agent's version, which packaging writes into its jar. */
final class AgentVersion {
  private static final String RESOURCE = "io/inmesh/agent/version";

  static String read() {
    ClassLoader loader = AgentVersion.class.getClassLoader();
    try (InputStream in = loader.getResourceAsStream(RESOURCE)) {
      return in == null
          ? "unpackaged"
          : new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      return "unknown";
    }
  }

  private AgentVersion() {}
}
