package io.inmesh.policy;

import java.util.List;

/** The {@code exportTo} of a resource: so far everything is visible everywhere. */
final class Visibility {

  /** Refuses anything but an absent or empty list and {@code ["*"]}. */
  static void check(Fields fields) {
    List<Value> items = fields.items("exportTo");
    for (Value item : items) {
      if (item.string().filter(name -> !name.equals("*")).isPresent()) {
        item.notSupportedYet(
            "policy is visible to every namespace: remove exportTo or write [\"*\"]; found "
                + Quoting.quote(item.text()));
      }
    }
    if (items.size() > 1) {
      items.get(1).error("exportTo may only hold \"*\", once");
    }
  }

  private Visibility() {}
}
