package io.inmesh.agent.instrumentation;

import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.pool.TypePool;

/** Looks whether a class declares a member, without loading it. */
final class MemberCheck {

  static boolean has(TypePool pool, String className, String name, String descriptor) {
    TypePool.Resolution resolution = pool.describe(className);
    if (!resolution.isResolved()) {
      return false;
    }
    TypeDescription type = resolution.resolve();
    return descriptor.startsWith("(")
        ? type.getDeclaredMethods().stream()
            .anyMatch(m -> m.getInternalName().equals(name) && m.getDescriptor().equals(descriptor))
        : type.getDeclaredFields().stream()
            .anyMatch(f -> f.getName().equals(name) && f.getDescriptor().equals(descriptor));
  }

  private MemberCheck() {}
}
