package io.inmesh.xds;

import io.inmesh.engine.model.HeaderMutations;
import io.inmesh.shaded.envoy.config.core.v3.HeaderValueOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Envoy's {@code *_headers_to_add} and {@code *_headers_to_remove}. Pseudo headers and {@code Host}
 * cannot be changed by them, as in Envoy.
 */
final class HeaderMutationsParser {
  static HeaderMutations request(List<HeaderValueOption> add, List<String> remove, String path)
      throws RejectedException {
    return parse(add, remove, path, "request_headers");
  }

  static HeaderMutations response(List<HeaderValueOption> add, List<String> remove, String path)
      throws RejectedException {
    return parse(add, remove, path, "response_headers");
  }

  private static HeaderMutations parse(
      List<HeaderValueOption> add, List<String> remove, String path, String field)
      throws RejectedException {
    if (add.isEmpty() && remove.isEmpty()) {
      return HeaderMutations.NONE;
    }
    List<String> removed = new ArrayList<>();
    for (int i = 0; i < remove.size(); i++) {
      removed.add(name(remove.get(i), RouteParser.at(path, field + "_to_remove", i)));
    }
    List<HeaderMutations.Value> values = new ArrayList<>();
    for (int i = 0; i < add.size(); i++) {
      values.add(value(add.get(i), RouteParser.at(path, field + "_to_add", i)));
    }
    return new HeaderMutations(removed, values);
  }

  @SuppressWarnings("deprecation") // Envoy still heeds append where append_action is silent
  private static HeaderMutations.Value value(HeaderValueOption message, String path)
      throws RejectedException {
    FieldGuard.requireNothingLeft(
        message.toBuilder().clearHeader().clearAppend().clearAppendAction().build(), path);
    FieldGuard.requireNothingLeft(
        message.getHeader().toBuilder().clearKey().clearValue().build(), path + ".header");
    boolean append =
        switch (message.getAppendAction()) {
          case APPEND_IF_EXISTS_OR_ADD -> !message.hasAppend() || message.getAppend().getValue();
          case OVERWRITE_IF_EXISTS_OR_ADD -> false;
          default ->
              throw new RejectedException(
                  path + ".append_action", message.getAppendActionValue() + " is not supported");
        };
    String name = name(message.getHeader().getKey(), path + ".header.key");
    try {
      return new HeaderMutations.Value(name, message.getHeader().getValue(), append);
    } catch (IllegalArgumentException e) {
      throw new RejectedException(path + ".header.value", String.valueOf(e.getMessage()));
    }
  }

  private static String name(String text, String path) throws RejectedException {
    String name = text.toLowerCase(Locale.ROOT);
    if (name.isEmpty()) {
      throw new RejectedException(path, "is empty");
    }
    if (name.startsWith(":") || name.equals("host")) {
      throw new RejectedException(path, "'" + text + "' cannot be changed");
    }
    return name;
  }

  /**
   * What {@code first} and then {@code second} change, as one: what the second removes, the first
   * need not set.
   */
  static HeaderMutations both(HeaderMutations first, HeaderMutations second) {
    if (second.equals(HeaderMutations.NONE)) {
      return first;
    }
    List<String> remove = new ArrayList<>(first.remove());
    remove.addAll(second.remove());
    List<HeaderMutations.Value> values = new ArrayList<>(first.values());
    values.removeIf(value -> second.remove().contains(value.name()));
    values.addAll(second.values());
    return new HeaderMutations(remove, values);
  }

  private HeaderMutationsParser() {}
}
