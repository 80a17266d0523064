package io.inmesh.agent.instrumentation;

/** How far a hook group is. */
public enum HookState {
  /** Its classes are not loaded yet. */
  PENDING,
  /** All its hooks are in place. */
  ACTIVE,
  /** It is not used in this process, for the reason given. */
  INACTIVE,
  /** It could not be put in place, for the reason given; the application is untouched by it. */
  FAILED
}
