package io.inmesh.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.Callable;
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

  @Option(
      names = {"-o", "--output"},
      paramLabel = "yaml|json",
      description = "The form.")
  private OutputFormat format = OutputFormat.TABLE;

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
    boolean structured = format == OutputFormat.YAML || format == OutputFormat.JSON;
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
        printer.print(versions, format);
      }
    }
    return Meshctl.DONE;
  }

  private static String clientVersion() {
    String version = Meshctl.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version.replace("-SNAPSHOT", "");
  }
}
