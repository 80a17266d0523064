package io.inmesh.agent.instrumentation;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.pool.TypePool;
import org.jspecify.annotations.Nullable;

/**
 * A module's way from declared to active. Guarded by its own lock, which is held while a class is
 * transformed; nothing is called under it that could wait for another thread.
 */
final class HookGroup {
  private final InstrumentationModule module;
  private final Set<String> missing;

  // Guarded by this.
  private HookState state = HookState.PENDING;
  private String reason = "";
  private boolean checked;

  HookGroup(InstrumentationModule module) {
    this.module = module;
    this.missing = module.points().stream().map(HookPoint::className).collect(Collectors.toSet());
  }

  Set<String> classNames() {
    return module.points().stream().map(HookPoint::className).collect(Collectors.toSet());
  }

  /**
   * The class with its hooks, or null if it is to stay as it is.
   *
   * @throws RuntimeException if the class cannot be read or transformed
   */
  synchronized byte @Nullable [] transform(String className, byte[] classFile) {
    if (state == HookState.INACTIVE || state == HookState.FAILED) {
      return null;
    }
    ClassFileLocator bootLoader = ClassFileLocator.ForClassLoader.ofBootLoader();
    if (!checked) {
      checked = true;
      List<String> problems = missingMembers(bootLoader);
      if (!problems.isEmpty()) {
        state = HookState.INACTIVE;
        reason = "this JDK has no " + String.join(", ", problems);
        return null;
      }
    }
    ClassFileLocator locator =
        new ClassFileLocator.Compound(ClassFileLocator.Simple.of(className, classFile), bootLoader);
    byte[] transformed = AdviceWeaver.weave(className, locator, pointsOf(className));
    missing.remove(className);
    if (missing.isEmpty() && state == HookState.PENDING) {
      module.activate();
      state = HookState.ACTIVE;
    }
    return transformed;
  }

  synchronized void fail(String why) {
    if (state != HookState.INACTIVE) {
      state = HookState.FAILED;
      reason = why;
    }
  }

  synchronized HookStatus status() {
    return new HookStatus(
        module.name(), state, reason, "JDK", System.getProperty("java.version", ""), module.uses());
  }

  private List<HookPoint> pointsOf(String className) {
    return module.points().stream().filter(p -> p.className().equals(className)).toList();
  }

  private List<String> missingMembers(ClassFileLocator locator) {
    TypePool pool = TypePool.Default.of(locator);
    List<String> problems = new ArrayList<>();
    for (HookPoint point : module.points()) {
      if (!MemberCheck.has(pool, point.className(), point.method(), point.descriptor())) {
        problems.add(point.className() + "." + point.method() + point.descriptor());
      }
    }
    for (RequiredMember member : module.required()) {
      if (!MemberCheck.has(pool, member.className(), member.name(), member.descriptor())) {
        problems.add(member.className() + "." + member.name() + " " + member.descriptor());
      }
    }
    return problems;
  }
}
