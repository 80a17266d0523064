package io.inmesh.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.inmesh.cli.terminal.TextTable;
import java.util.List;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/** Writes resources on standard output. */
final class ResourcePrinter {

  private final ObjectMapper json;
  private final Shell shell;

  ResourcePrinter(ObjectMapper json, Shell shell) {
    this.json = json;
    this.shell = shell;
  }

  /** A document as YAML, or as JSON for any other format. */
  void print(JsonNode document, OutputFormat format) {
    if (format == OutputFormat.yaml) {
      Object plain = json.convertValue(document, Object.class);
      DumpSettings settings =
          DumpSettings.builder()
              .setDefaultFlowStyle(FlowStyle.BLOCK)
              .setWidth(Integer.MAX_VALUE)
              .build();
      shell.out().print(new Dump(settings).dumpToString(plain));
    } else {
      shell.out().println(text(document));
    }
  }

  /** A document on one line. */
  void printLine(JsonNode document) {
    shell.out().println(document);
  }

  void print(TextTable table) {
    lines(table).forEach(shell.out()::println);
  }

  List<String> lines(TextTable table) {
    return table.lines(shell.palette());
  }

  private String text(JsonNode document) {
    try {
      return json.writerWithDefaultPrettyPrinter().writeValueAsString(document);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree that does not print", e);
    }
  }
}
