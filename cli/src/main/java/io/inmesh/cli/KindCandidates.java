package io.inmesh.cli;

import io.inmesh.policy.Kind;
import java.util.Arrays;
import java.util.Iterator;
import java.util.stream.Stream;

/** The kinds, for the completion of words in a shell. */
final class KindCandidates implements Iterable<String> {

  @Override
  public Iterator<String> iterator() {
    return Stream.concat(Arrays.stream(Kind.values()).map(Kind::plural), Stream.of("all"))
        .iterator();
  }
}
