package io.inmesh.policy;

import io.inmesh.policy.YamlNode.Entry;
import io.inmesh.policy.YamlNode.Mapping;
import io.inmesh.policy.YamlNode.Sequence;
import org.jspecify.annotations.Nullable;

/** Where a resource, and each of its fields, stands in its source. Immutable. */
public final class ResourcePlace {

  private final String source;
  private final Mapping root;

  ResourcePlace(String source, Mapping root) {
    this.source = source;
    this.root = root;
  }

  /** The source's name, as given to the parser. */
  public String source() {
    return source;
  }

  /**
   * The line of a field, from 1; of what it would be in when it is not there itself.
   *
   * @param path as in a {@link PolicyProblem}: {@code spec.http[0].match[1].headers[x-user]}, or ""
   *     for the resource
   */
  public int line(String path) {
    YamlNode node = root;
    int line = root.position().line();
    int at = 0;
    while (at < path.length()) {
      boolean bracket = path.charAt(at) == '[';
      int from = bracket || path.charAt(at) == '.' ? at + 1 : at;
      int end = bracket ? path.indexOf(']', from) : endOfName(path, from);
      if (end < 0) {
        return line;
      }
      String step = path.substring(from, end);
      if (node instanceof Sequence list) {
        node = item(list, step);
        line = node == null ? line : node.position().line();
      } else {
        Entry entry = node instanceof Mapping mapping ? mapping.entry(step) : null;
        node = entry == null ? null : entry.value();
        line = entry == null ? line : entry.position().line();
      }
      if (node == null) {
        return line;
      }
      at = bracket ? end + 1 : end;
    }
    return line;
  }

  private static int endOfName(String path, int from) {
    int end = from;
    while (end < path.length() && path.charAt(end) != '.' && path.charAt(end) != '[') {
      end++;
    }
    return end;
  }

  private static @Nullable YamlNode item(Sequence list, String step) {
    if (!step.matches("[0-9]{1,9}")) {
      return null;
    }
    int index = Integer.parseInt(step);
    return index < list.items().size() ? list.items().get(index) : null;
  }
}
