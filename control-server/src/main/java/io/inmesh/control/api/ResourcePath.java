package io.inmesh.control.api;

import io.inmesh.policy.Kind;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code /apis/GROUP/VERSION/namespaces/NS/PLURAL[/NAME]} or {@code /apis/GROUP/VERSION/PLURAL}.
 *
 * @param namespace null = all namespaces
 * @param name null = the collection
 */
record ResourcePath(String version, Kind kind, @Nullable String namespace, @Nullable String name) {
  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

  /** Reads a decoded path; empty when it is no resource path that is served. */
  static Optional<ResourcePath> parse(String path) {
    List<String> parts = List.of(path.split("/", -1)); // "", "apis", GROUP, VERSION, ...
    if (parts.size() < 5 || !parts.get(2).equals(Kind.NETWORKING_GROUP)) {
      return Optional.empty();
    }
    String version = parts.get(3);
    boolean namespaced = parts.get(4).equals("namespaces") && parts.size() >= 7;
    String plural = parts.get(namespaced ? 6 : 4);
    Optional<Kind> kind = kindOf(plural);
    int last = namespaced ? 8 : 5;
    if (kind.isEmpty() || !kind.get().versions().contains(version) || parts.size() > last) {
      return Optional.empty();
    }
    if (!namespaced) {
      return Optional.of(new ResourcePath(version, kind.get(), null, null));
    }
    String namespace = parts.get(5);
    if (!LABEL.matcher(namespace).matches()) {
      throw ApiException.badRequest(
          "\""
              + namespace
              + "\" is no namespace: use lower-case letters, digits and '-', at most 63");
    }
    String name = parts.size() == 8 ? parts.get(7) : null;
    if (name != null && name.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new ResourcePath(version, kind.get(), namespace, name));
  }

  private static Optional<Kind> kindOf(String plural) {
    for (Kind kind : Kind.values()) {
      if (kind.plural().equals(plural)) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }

  String apiVersion() {
    return kind.group() + "/" + version;
  }

  /** What the keys of the collection begin with. */
  String prefix() {
    return namespace == null ? ResourceName.prefix(kind) : ResourceName.prefix(kind, namespace);
  }
}
