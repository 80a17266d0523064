package io.inmesh.policy;

/** How much a message weighs, as in {@code istioctl analyze}. The worst one comes first. */
public enum MessageLevel {
  /** Calls fail, or policy does not do what it says. */
  ERROR("Error"),
  /** Probably not what was meant. */
  WARNING("Warning"),
  /** Worth knowing. */
  INFO("Info");

  private final String title;

  MessageLevel(String title) {
    this.title = title;
  }

  /** As people read and write it: {@code Warning}. */
  public String title() {
    return title;
  }

  /** Whether this is as bad as another, or worse. */
  public boolean atLeast(MessageLevel other) {
    return compareTo(other) <= 0;
  }

  @Override
  public String toString() {
    return title;
  }
}
