package io.inmesh.control.store;

/** A watch asked for changes that the bounded history no longer has. */
public final class CompactedException extends StoreException {
  private static final long serialVersionUID = 1;

  private final long oldest;

  CompactedException(long asked, long oldest) {
    super(
        "revision "
            + asked
            + " is compacted: the history begins after revision "
            + oldest
            + "; list again and watch from the revision of that list");
    this.oldest = oldest;
  }

  /** The oldest revision that can be watched from. */
  public long oldest() {
    return oldest;
  }
}
