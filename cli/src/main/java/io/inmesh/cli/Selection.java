package io.inmesh.cli;

import io.inmesh.policy.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Which resources a user means: {@code vs}, {@code vs orders}, {@code vs/orders}, {@code vs,dr} or
 * {@code all}.
 *
 * @param names "" means every one of the kinds; none is empty otherwise
 */
record Selection(List<Kind> kinds, List<String> names) {

  Selection {
    kinds = List.copyOf(kinds);
    names = List.copyOf(names);
  }

  /** Reads the words after a verb; throws the usage error of the command. */
  static Selection of(@Nullable CommandSpec spec, List<String> words) {
    List<String> names = new ArrayList<>(words.subList(1, words.size()));
    String kinds = words.get(0);
    int slash = kinds.indexOf('/');
    if (slash >= 0) {
      names.add(0, kinds.substring(slash + 1));
      kinds = kinds.substring(0, slash);
    }
    if (kinds.equals("all")) {
      if (!names.isEmpty()) {
        throw Usage.error(
            spec, "'all' takes no name; name a kind, as in `vs " + names.get(0) + "`.");
      }
      return new Selection(List.of(Kind.values()), names);
    }
    return new Selection(
        Arrays.stream(kinds.split(",")).map(word -> kind(spec, word)).toList(), names);
  }

  private static Kind kind(@Nullable CommandSpec spec, String word) {
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
