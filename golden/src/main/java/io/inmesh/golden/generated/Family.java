package io.inmesh.golden.generated;

/** A kind of case. */
@FunctionalInterface
interface Family {
  void write(Sketch sketch);
}
