package io.inmesh.policy;

import io.inmesh.policy.YamlNode.Entry;
import io.inmesh.policy.YamlNode.Mapping;
import io.inmesh.policy.YamlNode.Position;
import io.inmesh.policy.YamlNode.Scalar;
import io.inmesh.policy.YamlNode.ScalarType;
import io.inmesh.policy.YamlNode.Sequence;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingEndEvent;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceEndEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * Composes the documents of a text from the YAML parser's events.
 *
 * <p>The library's own composer recurses per level and builds its tree before anyone can object;
 * from events, depth and size (with aliases written out) are bounded while reading, and every value
 * keeps its line and column.
 */
final class YamlReader {

  /** The most characters of one document. */
  static final int MAX_DOCUMENT = 1 << 20;

  /** Istio's deepest field stands at about 12. */
  static final int MAX_DEPTH = 64;

  /** The most values of one document, aliases written out. */
  static final int MAX_VALUES = 100_000;

  /**
   * What YAML 1.1, and so kubectl and istioctl, take for a boolean beside true and false; read as a
   * text here, the same file would mean something else.
   */
  private static final Pattern OLD_BOOLEAN =
      Pattern.compile("y|Y|yes|Yes|YES|on|On|ON|n|N|no|No|NO|off|Off|OFF");

  private static final LoadSettings SETTINGS =
      LoadSettings.builder()
          .setSchema(new CoreSchema())
          .setCodePointLimit(MAX_DOCUMENT + 1)
          .setUseMarks(true)
          .build();

  private final Iterator<Event> events;
  private final ScalarResolver resolver;
  private final int lineOffset;
  private final Diagnostics diagnostics;
  private final Map<Anchor, YamlNode> anchored = new HashMap<>();
  private final List<Anchor> open = new ArrayList<>();
  private final Deque<String> path = new ArrayDeque<>();
  private int values;

  private YamlReader(DocumentSplitter.Piece piece, Diagnostics diagnostics) {
    this.events = new Parse(SETTINGS).parseString(withoutJsonTabs(piece.text())).iterator();
    this.resolver = SETTINGS.getSchema().getScalarResolver();
    this.lineOffset = piece.line();
    this.diagnostics = diagnostics;
  }

  /**
   * Hands each document that can be read to the consumer, in order; the diagnostics, whose resource
   * begins anew with each, hold what is wrong with the syntax.
   */
  static void read(String text, Diagnostics diagnostics, Consumer<YamlNode> documents) {
    for (DocumentSplitter.Piece piece : DocumentSplitter.split(text)) {
      diagnostics.beginResource();
      if (piece.text().length() > MAX_DOCUMENT) {
        diagnostics.error(
            new Position(piece.line(), 1),
            "",
            String.format(
                "the document is too large: %.1f MiB, and a resource may have %d MiB; split it with"
                    + " a line \"---\"",
                piece.text().length() / 1048576.0, MAX_DOCUMENT >> 20));
        continue;
      }
      readPiece(piece, diagnostics, documents);
    }
  }

  private static void readPiece(
      DocumentSplitter.Piece piece, Diagnostics diagnostics, Consumer<YamlNode> documents) {
    try {
      YamlReader reader = new YamlReader(piece, diagnostics);
      while (reader.events.hasNext()) {
        Event event = reader.events.next();
        if (event instanceof DocumentStartEvent) {
          diagnostics.beginResource();
          reader.anchored.clear();
          reader.values = 0;
          reader.path.clear();
          reader.open.clear();
          documents.accept(reader.node(reader.events.next(), 0));
        }
      }
    } catch (Unreadable e) {
      diagnostics.beginResource();
      diagnostics.error(e.position, "", String.valueOf(e.getMessage()));
    } catch (YamlEngineException e) {
      diagnostics.beginResource();
      SyntaxMessage message = SyntaxMessage.of(e, piece.line());
      diagnostics.error(message.position(), "", message.text());
    }
  }

  private YamlNode node(Event event, int depth) {
    Position position = position(event);
    if (depth > MAX_DEPTH) {
      throw new Unreadable(
          position,
          "nested too deeply: more than "
              + MAX_DEPTH
              + " levels; no policy needs that, check the brackets and the indentation");
    }
    if (event instanceof AliasEvent alias) {
      return alias(alias.getAlias(), position);
    }
    Anchor anchor = ((NodeEvent) event).getAnchor().orElse(null);
    if (anchor != null) {
      open.add(anchor);
    }
    count(1, position);
    YamlNode node;
    if (event instanceof ScalarEvent scalar) {
      node = scalar(scalar, position);
    } else if (event instanceof SequenceStartEvent) {
      node = sequence(position, depth);
    } else if (event instanceof MappingStartEvent) {
      node = mapping(position, depth);
    } else {
      throw new Unreadable(position, "a value is expected here");
    }
    if (anchor != null) {
      open.remove(anchor);
      anchored.put(anchor, node);
    }
    return node;
  }

  private YamlNode sequence(Position position, int depth) {
    List<YamlNode> items = new ArrayList<>();
    int size = 1;
    for (Event next = events.next(); !(next instanceof SequenceEndEvent); next = events.next()) {
      path.addLast("[" + items.size() + "]");
      YamlNode item = node(next, depth + 1);
      path.removeLast();
      items.add(item);
      size += item.size();
    }
    return new Sequence(position, size, List.copyOf(items));
  }

  private YamlNode mapping(Position position, int depth) {
    Map<String, Entry> entries = new HashMap<>();
    List<Entry> ordered = new ArrayList<>();
    int size = 1;
    for (Event next = events.next(); !(next instanceof MappingEndEvent); next = events.next()) {
      Position keyPosition = position(next);
      String key = key(node(next, depth + 1), keyPosition);
      path.addLast((path.isEmpty() ? "" : ".") + key);
      YamlNode value = node(events.next(), depth + 1);
      size += 1 + value.size();
      Entry entry = new Entry(keyPosition, key, value);
      Entry before = entries.putIfAbsent(key, entry);
      if (before == null) {
        ordered.add(entry);
      } else {
        diagnostics.error(
            keyPosition,
            Quoting.path(path),
            String.format(
                "the key %s is here twice (first on line %d); remove one",
                Quoting.quote(key), before.position().line()));
      }
      path.removeLast();
    }
    return new Mapping(position, size, List.copyOf(ordered));
  }

  private static String key(YamlNode key, Position position) {
    if (!(key instanceof Scalar scalar)) {
      throw new Unreadable(
          position,
          "a key must be a text, found "
              + key.describe()
              + "; a template's {{ }} must be filled in, or quoted");
    }
    if (scalar.text().equals("<<")) {
      throw new Unreadable(
          position, "merge keys (<<) are not part of YAML 1.2; write the fields out");
    }
    return scalar.text();
  }

  private YamlNode scalar(ScalarEvent event, Position position) {
    String explicit = event.getTag().orElse(null);
    if (explicit != null && !explicit.startsWith(Tag.PREFIX) && !explicit.equals("!")) {
      throw new Unreadable(
          position, "the tag " + Quoting.quote(explicit) + " means nothing here; remove it");
    }
    boolean plain = event.isPlain() && explicit == null;
    if (plain && OLD_BOOLEAN.matcher(event.getValue()).matches()) {
      return new Scalar(position, ScalarType.BOOLEAN, event.getValue());
    }
    if (explicit == null || explicit.equals("!") || explicit.equals(Tag.STR.getValue())) {
      return new Scalar(
          position, type(resolver.resolve(event.getValue(), plain)), event.getValue());
    }
    Tag resolved = resolver.resolve(event.getValue(), true);
    if (!resolved.getValue().equals(explicit)) {
      throw new Unreadable(
          position,
          Quoting.quote(event.getValue())
              + " does not fit its tag "
              + Quoting.quote(explicit)
              + "; remove the tag");
    }
    return new Scalar(position, type(resolved), event.getValue());
  }

  private static ScalarType type(Tag tag) {
    if (tag.equals(Tag.NULL)) {
      return ScalarType.NULL;
    }
    if (tag.equals(Tag.BOOL)) {
      return ScalarType.BOOLEAN;
    }
    if (tag.equals(Tag.INT)) {
      return ScalarType.INTEGER;
    }
    return tag.equals(Tag.FLOAT) ? ScalarType.FLOAT : ScalarType.STRING;
  }

  private YamlNode alias(Anchor anchor, Position position) {
    if (open.contains(anchor)) {
      throw new Unreadable(
          position,
          "the alias *" + anchor.getValue() + " stands inside of the value that it names");
    }
    YamlNode node = anchored.get(anchor);
    if (node == null) {
      throw new Unreadable(
          position,
          "the alias *"
              + Quoting.shorten(anchor.getValue())
              + " names nothing; a text that begins with * must be quoted: \"*"
              + Quoting.shorten(anchor.getValue())
              + "\"");
    }
    count(node.size(), position);
    return node;
  }

  private void count(int more, Position position) {
    values += more;
    if (values > MAX_VALUES) {
      throw new Unreadable(
          position,
          "the document is too large: more than "
              + MAX_VALUES
              + " values, aliases (*name) written out; split it into several resources");
    }
  }

  private Position position(Event event) {
    Mark mark = event.getStartMark().orElseThrow();
    return new Position(mark.getLine() + lineOffset, mark.getColumn() + 1);
  }

  /** JSON may be indented with tabs, of which the YAML parser wants to hear nothing. */
  private static String withoutJsonTabs(String text) {
    String head = text.stripLeading();
    if ((!head.startsWith("{") && !head.startsWith("[")) || text.indexOf('\t') < 0) {
      return text;
    }
    StringBuilder json = new StringBuilder(text);
    boolean quoted = false;
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      if (quoted && c == '\\') {
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == '\t' && !quoted) {
        json.setCharAt(i, ' ');
      }
    }
    return json.toString();
  }

  /** A document that cannot be read any further. */
  private static final class Unreadable extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Position position;

    Unreadable(Position position, String message) {
      super(message, null, false, false);
      this.position = position;
    }
  }
}
