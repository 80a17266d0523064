package io.inmesh.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code meshctl version}: of this client and of the control server. */
@Command(name = "version", description = "Shows the versions of meshctl and the control server.")
final class VersionCommand implements Callable<Integer> {

  private final Shell shell;
  private final GlobalOptions global;
  private final ResourcePrinter printer;

  @Option(names = "--client", description = "Show meshctl's version only.")
  private boolean clientOnly;

  /** The forms of {@code -o} that make sense here. */
  private enum Form {
    yaml,
    json
  }

  @Option(
      names = {"-o", "--output"},
      paramLabel = "yaml|json",
      description = "The form (else text).")
  private @Nullable Form form;

  VersionCommand(Shell shell, GlobalOptions global, ResourcePrinter printer) {
    this.shell = shell;
    this.global = global;
    this.printer = printer;
  }

  @Override
  public Integer call() {
    ObjectNode client = JsonNodeFactory.instance.objectNode();
    client.put("version", clientVersion()).put("java", Runtime.version().toString());
    ObjectNode versions = JsonNodeFactory.instance.objectNode();
    versions.set("client", client);
    boolean structured = form != null;
    if (!structured) {
      shell.out().println("Client: " + client.path("version").asText());
    }
    try {
      if (!clientOnly) {
        JsonNode server = global.server().version();
        versions.set("server", server);
        if (!structured) {
          shell.out().println("Server: " + server.path("version").asText("unknown"));
        }
      }
    } finally {
      if (structured) {
        printer.print(versions, form == Form.yaml ? OutputFormat.yaml : OutputFormat.json);
      }
    }
    return Meshctl.DONE;
  }

  static String clientVersion() {
    String version = Meshctl.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version.replace("-SNAPSHOT", "");
  }
}
