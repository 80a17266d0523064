package io.inmesh.cli;

import io.inmesh.policy.analysis.Finding;
import io.inmesh.policy.analysis.ResourceRef;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a user does not want to hear of: a code, of a resource.
 *
 * @param name the resource as findings show it ({@code VirtualService shop/orders}), as older
 *     versions of istioctl do ({@code VirtualService orders.shop}), or either of them without kind,
 *     or the name alone; {@code *} stands for any characters
 */
record Suppression(String code, String name) {

  /** Reads {@code CODE=NAME}. */
  static Optional<Suppression> of(String text) {
    int equals = text.indexOf('=');
    return equals <= 0 || equals == text.length() - 1
        ? Optional.empty()
        : Optional.of(
            new Suppression(text.substring(0, equals).strip(), text.substring(equals + 1).strip()));
  }

  boolean covers(Finding finding) {
    ResourceRef resource = finding.resource();
    if (!finding.code().id().equalsIgnoreCase(code)) {
      return false;
    }
    if (resource == null) {
      return name.equals("*");
    }
    String slashed = resource.namespace() + "/" + resource.name();
    String dotted = resource.name() + "." + resource.namespace();
    Pattern pattern = pattern();
    return List.of(
            resource.name(),
            slashed,
            dotted,
            resource.kind() + " " + slashed,
            resource.kind() + " " + dotted)
        .stream()
        .anyMatch(text -> pattern.matcher(text).matches());
  }

  private Pattern pattern() {
    String[] parts = name.split("\\*+", -1);
    StringBuilder pattern = new StringBuilder();
    for (int i = 0; i < parts.length; i++) {
      pattern.append(i == 0 ? "" : ".*").append(Pattern.quote(parts[i]));
    }
    return Pattern.compile(pattern.toString(), Pattern.CASE_INSENSITIVE);
  }
}
