package io.inmesh.agent.instrumentation;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Puts hooks in place as the JVM loads the classes they belong to.
 *
 * <p>Every class that the application loads passes through here, so the first thing is one lookup
 * of its name; Byte Buddy is not even loaded until one matches. Any thread.
 */
public final class Installer implements ClassFileTransformer {
  private final Map<String, HookGroup> byClass = new HashMap<>();
  private final List<HookGroup> groups = new ArrayList<>();
  private final BiConsumer<String, Throwable> failures;

  /**
   * Declares what is to be installed.
   *
   * @param failures hears the hook group's name and why it could not be put in place
   */
  public Installer(List<InstrumentationModule> modules, BiConsumer<String, Throwable> failures) {
    this.failures = failures;
    for (InstrumentationModule module : modules) {
      HookGroup group = new HookGroup(module);
      groups.add(group);
      group.classNames().forEach(name -> byClass.put(name.replace('.', '/'), group));
    }
  }

  /** Begins; classes that are loaded already are transformed now. */
  public void install(Instrumentation instrumentation) {
    instrumentation.addTransformer(this, true);
    for (Class<?> loaded : instrumentation.getAllLoadedClasses()) {
      HookGroup group =
          loaded.getClassLoader() == null ? byClass.get(loaded.getName().replace('.', '/')) : null;
      if (group == null) {
        continue;
      }
      try {
        instrumentation.retransformClasses(loaded);
      } catch (UnmodifiableClassException | RuntimeException | LinkageError e) {
        group.fail(loaded.getName() + " is loaded and cannot be changed: " + e);
        failures.accept(group.status().name(), e);
      }
    }
  }

  /** How far each hook group is. */
  public List<HookStatus> statuses() {
    return groups.stream().map(HookGroup::status).toList();
  }

  @Override
  public byte @Nullable [] transform(
      @Nullable ClassLoader loader,
      @Nullable String className,
      @Nullable Class<?> redefined,
      @Nullable ProtectionDomain domain,
      byte[] classFile) {
    // Every hook so far is in java.base, which has no loader: a class of that name elsewhere is
    // the application's own.
    if (loader != null || className == null) {
      return null;
    }
    HookGroup group = byClass.get(className);
    if (group == null) {
      return null;
    }
    try {
      return group.transform(className.replace('/', '.'), classFile);
    } catch (Throwable t) {
      group.fail(className.replace('/', '.') + ": " + t);
      failures.accept(group.status().name(), t);
      return null;
    }
  }
}
