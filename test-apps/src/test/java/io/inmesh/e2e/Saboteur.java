package io.inmesh.e2e;

import java.io.IOException;
import java.io.InputStream;
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
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import org.jspecify.annotations.Nullable;

/**
 * A second {@code -javaagent}, for tests only: makes one method of Inmesh's agent throw whenever it
 * is called. Its argument is {@code CLASS#METHOD}; it says on stdout when it has done its work.
 */
public final class Saboteur implements ClassFileTransformer {
  /** What every sabotaged method throws with. */
  static final String MESSAGE = "sabotage";

  private final String className;
  private final String method;

  private Saboteur(String className, String method) {
    this.className = className;
    this.method = method;
  }

  /** The JVM calls this before the application's {@code main}. */
  public static void premain(String target, Instrumentation instrumentation) {
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
        ClassReader.class.getProtectionDomain().getCodeSource().getLocation().toString());
    Path jar = folder.resolve("saboteur.jar");
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file, manifest)) {
      put(out, Saboteur.class.getName());
      put(out, Thrower.class.getName());
    }
    return jar;
  }

  private static void put(JarOutputStream jar, String className) throws IOException {
    String entry = className.replace('.', '/') + ".class";
    try (InputStream bytes = Saboteur.class.getResourceAsStream("/" + entry)) {
      if (bytes == null) {
        throw new IllegalStateException("no class file of " + className);
      }
      jar.putNextEntry(new JarEntry(entry));
      bytes.transferTo(jar);
      jar.closeEntry();
    }
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
    ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
    Thrower thrower = new Thrower(writer, method);
    new ClassReader(classFile).accept(thrower, 0);
    System.out.println("sabotaged " + thrower.found + " " + className + "#" + method);
    return writer.toByteArray();
  }

  /** Gives every method of a name a body that throws. */
  private static final class Thrower extends ClassVisitor {
    private final String method;
    private int found;

    Thrower(ClassVisitor next, String method) {
      super(Opcodes.ASM9, next);
      this.method = method;
    }

    @Override
    public @Nullable MethodVisitor visitMethod(
        int access,
        String name,
        String descriptor,
        @Nullable String signature,
        String @Nullable [] exceptions) {
      MethodVisitor made = super.visitMethod(access, name, descriptor, signature, exceptions);
      if (!name.equals(method)) {
        return made;
      }
      found++;
      throwOnly(made);
      return null; // nothing of the old body
    }
  }

  private static void throwOnly(MethodVisitor code) {
    String type = "java/lang/IllegalStateException";
    code.visitCode();
    code.visitTypeInsn(Opcodes.NEW, type);
    code.visitInsn(Opcodes.DUP);
    code.visitLdcInsn(MESSAGE);
    code.visitMethodInsn(Opcodes.INVOKESPECIAL, type, "<init>", "(Ljava/lang/String;)V", false);
    code.visitInsn(Opcodes.ATHROW);
    code.visitMaxs(0, 0);
    code.visitEnd();
  }
}
