package io.inmesh.e2e;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.dynamic.DynamicType;
import net.bytebuddy.dynamic.TypeResolutionStrategy;
import net.bytebuddy.dynamic.scaffold.MethodGraph;
import net.bytebuddy.dynamic.scaffold.TypeValidation;
import net.bytebuddy.implementation.ExceptionMethod;
import net.bytebuddy.matcher.ElementMatchers;
import net.bytebuddy.pool.TypePool;
import org.jspecify.annotations.Nullable;

/**
 * A second {@code -javaagent}, for tests only: makes one method of Inmesh's agent throw whenever it
 * is called. Its argument is {@code CLASS#METHOD}; it says on stdout when it has done its work.
 */
final class Saboteur implements ClassFileTransformer {
  /** What every sabotaged method throws with. */
  static final String MESSAGE = "sabotage";

  private final String className;
  private final String method;

  private Saboteur(String className, String method) {
    this.className = className;
    this.method = method;
  }

  /** The JVM calls this before the application's {@code main}. */
  static void premain(String target, Instrumentation instrumentation) {
    int hash = target.indexOf('#');
    instrumentation.addTransformer(
        new Saboteur(target.substring(0, hash), target.substring(hash + 1)));
  }

  /** Packages it; Byte Buddy stays where it is. */
  static Path jar(Path folder) throws IOException {
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.putValue("Premain-Class", Saboteur.class.getName());
    attributes.put(
        Attributes.Name.CLASS_PATH,
        ByteBuddy.class.getProtectionDomain().getCodeSource().getLocation().toString());
    Path jar = folder.resolve("saboteur.jar");
    String entry = Saboteur.class.getName().replace('.', '/') + ".class";
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file, manifest);
        var bytes = Saboteur.class.getResourceAsStream("Saboteur.class")) {
      if (bytes == null) {
        throw new IllegalStateException("no class file of " + Saboteur.class);
      }
      out.putNextEntry(new JarEntry(entry));
      bytes.transferTo(out);
      out.closeEntry();
    }
    return jar;
  }

  @Override
  public byte @Nullable [] transform(
      @Nullable ClassLoader loader,
      @Nullable String name,
      @Nullable Class<?> redefined,
      @Nullable ProtectionDomain domain,
      byte[] classFile) {
    if (!className.replace('.', '/').equals(name)) {
      return null;
    }
    try {
      ClassFileLocator locator =
          new ClassFileLocator.Compound(
              ClassFileLocator.Simple.of(className, classFile),
              ClassFileLocator.ForClassLoader.ofPlatformLoader());
      TypePool pool = TypePool.Default.of(locator);
      TypeDescription type = pool.describe(className).resolve();
      int found = type.getDeclaredMethods().filter(ElementMatchers.named(method)).size();
      DynamicType.Unloaded<?> made =
          new ByteBuddy()
              .with(TypeValidation.DISABLED)
              .with(MethodGraph.Compiler.ForDeclaredMethods.INSTANCE)
              .redefine(type, locator)
              .method(ElementMatchers.named(method))
              .intercept(ExceptionMethod.throwing(IllegalStateException.class, MESSAGE))
              .make(TypeResolutionStrategy.Disabled.INSTANCE, pool);
      System.out.println("sabotaged " + found + " " + className + "#" + method);
      return made.getBytes();
    } catch (RuntimeException | LinkageError e) {
      System.out.println("could not sabotage " + className + ": " + e);
      return null;
    }
  }
}
