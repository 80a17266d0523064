package io.inmesh.agent.instrumentation;

import java.util.List;

/**
 * One library's hooks. They are put in place all together or not at all. One instance per process.
 */
public interface InstrumentationModule {
  /** The name under which its status is shown. */
  String name();

  /** The methods that are advised; each class belongs to one module only. */
  List<HookPoint> points();

  /** What else must be there. */
  List<RequiredMember> required();

  /**
   * Called once, on the thread that loads the last of the module's classes, when every hook is in
   * place: connects the bridge. Must not block or load much.
   */
  void activate();

  /** How often it did something; any thread. */
  long uses();
}
