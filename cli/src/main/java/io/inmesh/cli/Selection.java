package io.inmesh.cli;

import io.inmesh.policy.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Which resources a user means: {@code vs}, {@code vs orders}, {@code vs/orders dr/orders}, {@code
 * vs,dr} or {@code all}.
 *
 * @param parts one of each kind, in the order of their mention
 */
record Selection(List<Part> parts) {

  /** A name that a resource can have, in Kubernetes as here. */
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");

  /**
   * Resources of one kind.
   *
   * @param names empty means every one of the kind
   */
  record Part(Kind kind, List<String> names) {
    Part {
      names = List.copyOf(names);
    }
  }

  Selection {
    parts = List.copyOf(parts);
  }

  /** Whether single resources are meant, not every one of some kinds. */
  boolean namesResources() {
    return !parts.get(0).names().isEmpty();
  }

  /** Reads the words after a verb, all of them before anything is done; throws its usage error. */
  static Selection of(@Nullable CommandSpec spec, List<String> words) {
    long pairs = words.stream().filter(word -> word.indexOf('/') >= 0).count();
    if (pairs == words.size()) {
      return ofPairs(spec, words);
    }
    if (pairs > 0) {
      throw Usage.error(
          spec,
          "write either KIND NAME..., as in `vs orders`, or only KIND/NAME, as in"
              + " `vs/orders dr/orders`.");
    }
    List<String> names = words.subList(1, words.size());
    if (words.get(0).equals("all")) {
      if (!names.isEmpty()) {
        throw Usage.error(
            spec, "'all' takes no name; name a kind, as in `vs " + names.get(0) + "`.");
      }
      return new Selection(
          Arrays.stream(Kind.values()).map(kind -> new Part(kind, List.of())).toList());
    }
    names.forEach(name -> checkName(spec, name));
    return new Selection(
        Arrays.stream(words.get(0).split(","))
            .map(word -> kind(spec, word))
            .distinct()
            .map(kind -> new Part(kind, names))
            .toList());
  }

  private static Selection ofPairs(@Nullable CommandSpec spec, List<String> words) {
    Map<Kind, List<String>> names = new LinkedHashMap<>();
    for (String word : words) {
      int slash = word.indexOf('/');
      String name = word.substring(slash + 1);
      checkName(spec, name);
      names
          .computeIfAbsent(kind(spec, word.substring(0, slash)), kind -> new ArrayList<>())
          .add(name);
    }
    return new Selection(
        names.entrySet().stream().map(part -> new Part(part.getKey(), part.getValue())).toList());
  }

  private static void checkName(@Nullable CommandSpec spec, String name) {
    if (!NAME.matcher(name).matches()) {
      throw Usage.error(spec, "'" + name + "' is no name that a resource can have.");
    }
  }

  private static Kind kind(@Nullable CommandSpec spec, String word) {
    if (List.of("agents", "agent", "services", "service", "svc").contains(word)) {
      String verb = word.startsWith("a") ? "agents" : "services";
      throw Usage.error(spec, verb + " are no policy; `meshctl " + verb + "` shows them.");
    }
    // kubectl's virtualservices.networking.istio.io names the same kind.
    int dot = word.indexOf('.');
    return Kind.of(dot < 0 ? word : word.substring(0, dot))
        .orElseThrow(
            () ->
                Usage.error(
                    spec, "there is no kind '" + word + "'. Kinds are " + known() + ", and all."));
  }

  private static String known() {
    return Arrays.stream(Kind.values())
        .map(kind -> kind.plural() + " (" + kind.shortName() + ")")
        .collect(Collectors.joining(", "));
  }
}
