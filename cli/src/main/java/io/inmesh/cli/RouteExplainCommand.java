package io.inmesh.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code meshctl route explain}: what would become of a call, and why. */
@Command(
    name = "explain",
    description = {
      "Tells what would become of a call, and why: which VirtualService and rule it meets and why",
      "not an earlier one, where it goes, and what is done to it on the way. No call is made.",
      "",
      "Without --agent the control server answers, by the policy it has and with the engine that",
      "agents have. With --agent a running agent answers by what it has: ejected endpoints, calls",
      "under way, and limits.",
      "",
      "Examples:",
      "  meshctl route explain GET http://orders:8080/ --from shop",
      "  meshctl route explain GET http://orders:8080/ --from shop -H 'end-user: jason'",
      "  meshctl route explain POST 'http://orders:8080/v1?x=1' --from shop.eu -o json",
      "  meshctl route explain GET http://orders:8080/ --agent shop-1a2b3c"
    })
final class RouteExplainCommand implements Callable<Integer> {

  /** The forms of the answer. */
  enum Format {
    text,
    json,
    yaml
  }

  private final Shell shell;
  private final GlobalOptions global;
  private final ResourcePrinter printer;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(index = "0", paramLabel = "METHOD", description = "GET, POST, ...")
  private String method = "";

  @Parameters(index = "1", paramLabel = "URL", description = "As the application writes it.")
  private String url = "";

  @Option(
      names = {"-H", "--header"},
      paramLabel = "'NAME: VALUE'",
      description = "A header of the call; may be given several times.")
  private List<String> headers = List.of();

  @Option(
      names = "--from",
      paramLabel = "SERVICE",
      description = "The service that calls: `shop` (in the namespace of -n), or `shop.eu`.")
  private String from = "";

  @Option(
      names = "--agent",
      paramLabel = "NAME",
      description = "Ask this running agent; `meshctl agents` lists them.")
  private String agent = "";

  @Option(
      names = {"-o", "--output"},
      paramLabel = "text|json|yaml",
      description = "The form.")
  private Format format = Format.text;

  RouteExplainCommand(Shell shell, GlobalOptions global, ResourcePrinter printer) {
    this.shell = shell;
    this.global = global;
    this.printer = printer;
  }

  @Override
  public Integer call() {
    JsonNode answer = global.server().explain(question());
    switch (format) {
      case text ->
          new ExplainText(printer, shell.palette()).lines(answer).forEach(shell.out()::println);
      case json -> printer.print(answer, OutputFormat.json);
      case yaml -> printer.print(answer, OutputFormat.yaml);
    }
    return Meshctl.DONE;
  }

  private ObjectNode question() {
    if (!method.matches("[A-Za-z][A-Za-z0-9_-]*")) {
      throw Usage.error(
          spec,
          "'" + method + "' is no method; write `route explain GET http://orders:8080/ ...`.");
    }
    if (from.isEmpty() && agent.isEmpty()) {
      throw Usage.error(spec, "who calls? Name a service with --from, or an agent with --agent.");
    }
    ObjectNode question = JsonNodeFactory.instance.objectNode();
    question
        .put("method", method.toUpperCase(Locale.ROOT))
        .put("url", url.contains("://") ? url : "http://" + url)
        .put("from", from)
        .put("namespace", global.namespace())
        .put("agent", agent);
    ArrayNode all = question.putArray("headers");
    for (String header : headers) {
      int colon = header.indexOf(':');
      if (colon < 1) {
        throw Usage.error(spec, "-H '" + header + "': a header looks like 'end-user: jason'.");
      }
      all.addObject()
          .put("name", header.substring(0, colon).strip())
          .put("value", header.substring(colon + 1).strip());
    }
    return question;
  }
}
