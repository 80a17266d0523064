package io.inmesh.cli;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * What a document says it is, whatever else is wrong with it: enough to delete it by, and to say
 * where it stands. A part that is missing is "".
 *
 * @param line where it begins, from 1
 */
record ResourceHead(int line, String kind, String namespace, String name) {

  /** Reads YAML or JSON; empty when the text is neither. */
  static Optional<List<ResourceHead>> read(byte[] text) {
    LoadSettings settings = LoadSettings.builder().setCodePointLimit(Integer.MAX_VALUE).build();
    List<ResourceHead> heads = new ArrayList<>();
    try {
      for (Node document :
          new Compose(settings).composeAllFromInputStream(new ByteArrayInputStream(text))) {
        add(document, heads);
      }
    } catch (YamlEngineException e) {
      return Optional.empty();
    }
    return Optional.of(heads);
  }

  private static void add(Node document, List<ResourceHead> heads) {
    String kind = text(document, "kind");
    Optional<Node> items = field(document, "items");
    if (kind.endsWith("List") && items.isPresent() && items.get() instanceof SequenceNode list) {
      list.getValue().forEach(item -> add(item, heads));
    } else if (document instanceof MappingNode) {
      Optional<Node> metadata = field(document, "metadata");
      heads.add(
          new ResourceHead(
              document.getStartMark().map(Mark::getLine).orElse(0) + 1,
              kind,
              metadata.map(found -> text(found, "namespace")).orElse(""),
              metadata.map(found -> text(found, "name")).orElse("")));
    }
  }

  private static String text(Node node, String field) {
    return field(node, field)
        .map(value -> value instanceof ScalarNode scalar ? scalar.getValue() : "")
        .orElse("");
  }

  private static Optional<Node> field(Node node, String name) {
    if (node instanceof MappingNode mapping) {
      for (NodeTuple field : mapping.getValue()) {
        if (field.getKeyNode() instanceof ScalarNode key && key.getValue().equals(name)) {
          return Optional.of(field.getValueNode());
        }
      }
    }
    return Optional.empty();
  }
}
