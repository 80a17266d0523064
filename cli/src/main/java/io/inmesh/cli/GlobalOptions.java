package io.inmesh.cli;

import io.inmesh.cli.api.ControlServer;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The options that stand before or after any verb. */
final class GlobalOptions {

  static final String DEFAULT_SERVER = "http://127.0.0.1:15010";
  static final String DEFAULT_NAMESPACE = "default";

  private final Shell shell;

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec spec;

  @Option(
      names = "--server",
      paramLabel = "URL",
      scope = ScopeType.INHERIT,
      description = "The control server (else MESHCTL_SERVER, else " + DEFAULT_SERVER + ").")
  private @Nullable String server;

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAMESPACE",
      scope = ScopeType.INHERIT,
      description = "The namespace (else " + DEFAULT_NAMESPACE + ").")
  private @Nullable String namespace;

  GlobalOptions(Shell shell) {
    this.shell = shell;
  }

  /** A client of the control server that the user means. */
  ControlServer server() {
    String url = server;
    if (url == null) {
      String fromEnvironment = shell.environment().getOrDefault("MESHCTL_SERVER", "");
      url = fromEnvironment.isEmpty() ? DEFAULT_SERVER : fromEnvironment;
    }
    return shell.servers().apply(address(url));
  }

  String namespace() {
    return namespace == null ? DEFAULT_NAMESPACE : namespace;
  }

  /** The namespace, if the user names one. */
  Optional<String> namedNamespace() {
    return Optional.ofNullable(namespace);
  }

  private URI address(String url) {
    try {
      URI address = URI.create(url.contains("://") ? url : "http://" + url);
      if (address.getHost() != null && address.getScheme().matches("https?")) {
        return address;
      }
    } catch (IllegalArgumentException e) {
      // Told below, as for every other text that is no such URL.
    }
    throw Usage.error(
        spec, "'" + url + "' is no control server's URL; one looks like " + DEFAULT_SERVER + ".");
  }
}
