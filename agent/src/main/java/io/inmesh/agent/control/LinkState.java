package io.inmesh.agent.control;

import java.util.Locale;

/** How the link to the control plane is. */
enum LinkState {
  /** Not one control server has failed yet since the link was live, or since the start. */
  CONNECTING,
  /** A control server answers. */
  LIVE,
  /** Every control server has failed since; tries go on. */
  DOWN;

  /** Whether it makes sense to wait for an answer. */
  boolean mayAnswer() {
    return this != DOWN;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
