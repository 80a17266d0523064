package io.inmesh.agent.instrumentation;

import static net.bytebuddy.matcher.ElementMatchers.hasDescriptor;
import static net.bytebuddy.matcher.ElementMatchers.named;

import java.util.List;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.dynamic.DynamicType;
import net.bytebuddy.dynamic.TypeResolutionStrategy;
import net.bytebuddy.dynamic.scaffold.InstrumentedType;
import net.bytebuddy.dynamic.scaffold.MethodGraph;
import net.bytebuddy.dynamic.scaffold.TypeValidation;
import net.bytebuddy.pool.TypePool;

/**
 * Inlines advice into a class. Byte Buddy is used directly, without its agent builder: that one
 * would define helper classes with {@code Unsafe}, which newer JDKs warn about.
 *
 * <p>Only method bodies change, never the class's shape, so that loaded classes can be transformed
 * too and other agents are not disturbed.
 */
final class AdviceWeaver {

  static byte[] weave(String className, ClassFileLocator locator, List<HookPoint> points) {
    TypePool pool = TypePool.Default.of(locator);
    TypeDescription type = pool.describe(className).resolve();
    DynamicType.Builder<?> builder =
        new ByteBuddy()
            .with(TypeValidation.DISABLED)
            .with(MethodGraph.Compiler.ForDeclaredMethods.INSTANCE)
            .with(InstrumentedType.Factory.Default.FROZEN)
            .decorate(type, locator);
    // Advice is read, not reflected upon: its parameters may have the very type that is being
    // loaded.
    ClassFileLocator adviceLocator =
        new ClassFileLocator.Compound(
            ClassFileLocator.ForClassLoader.of(AdviceWeaver.class.getClassLoader()), locator);
    TypePool advicePool = TypePool.Default.of(adviceLocator);
    for (HookPoint point : points) {
      TypeDescription advice = advicePool.describe(point.advice().getName()).resolve();
      builder =
          builder.visit(
              Advice.to(advice, adviceLocator)
                  .on(named(point.method()).and(hasDescriptor(point.descriptor()))));
    }
    return builder.make(TypeResolutionStrategy.Disabled.INSTANCE, pool).getBytes();
  }

  private AdviceWeaver() {}
}
