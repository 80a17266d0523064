package io.inmesh.xds;

/** What is known of a host that was asked for. */
public enum HostState {
  /** Its whole configuration is in the snapshot. */
  KNOWN,
  /** The control server has answered that there is none. */
  ABSENT,
  /** Not answered yet, or not whole yet. */
  PENDING
}
