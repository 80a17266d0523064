import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;
import net.bytebuddy.jar.asm.commons.ClassRemapper;
import net.bytebuddy.jar.asm.commons.Remapper;

/**
 * Builds the agent's jar out of the module's classes and its dependencies. Run by Maven in the
 * package phase, as a single source file: {@code AgentJar OUTPUT VERSION LEGAL CLASSPATH}, LEGAL
 * being the folder of the files LICENSE and NOTICE.
 *
 * <ul>
 *   <li>The premain classes stay as they are, for the system class loader.
 *   <li>Everything else goes to {@code inst/}, as {@code .classdata}, for the agent's own loader.
 *   <li>The bridge is renamed into {@code java.lang.Inmesh*}, wherever it is referred to.
 *   <li>{@code java.util.logging} is replaced by the agent's stand-in.
 *   <li>Protobuf's {@code sun.misc.Unsafe} is replaced by {@link #unsafe()}: newer JDKs warn about
 *       the original on standard error, and the lite runtime cannot do without.
 *   <li>gRPC does not ask for the JVM's default SSLContext, see {@link PlainPlatform}.
 *   <li>Classes that nothing refers to, and the dependencies' META-INF, are left out.
 * </ul>
 */
public final class AgentJar {
  private static final String LAUNCH = "io/inmesh/bootstrap/launch/";
  private static final String BRIDGE = "io/inmesh/bootstrap/";
  private static final String SERVICES = "META-INF/services/";
  // One fixed time, so that the same sources give the same bytes.
  private static final long TIMESTAMP = 1_795_478_400_000L;

  private static final String OKHTTP_PLATFORM = "io/grpc/okhttp/internal/Platform";
  private static final String UNSAFE = "io/inmesh/agent/memory/Unsafe";
  private static final String UNSAFE_METHODS =
      """
      allocateInstance(Ljava/lang/Class;)Ljava/lang/Object;
      arrayBaseOffset(Ljava/lang/Class;)I
      arrayIndexScale(Ljava/lang/Class;)I
      objectFieldOffset(Ljava/lang/reflect/Field;)J
      staticFieldBase(Ljava/lang/reflect/Field;)Ljava/lang/Object;
      staticFieldOffset(Ljava/lang/reflect/Field;)J
      copyMemory(JJJ)V
      copyMemory(Ljava/lang/Object;JLjava/lang/Object;JJ)V
      getBoolean(Ljava/lang/Object;J)Z
      getByte(J)B
      getByte(Ljava/lang/Object;J)B
      getDouble(Ljava/lang/Object;J)D
      getFloat(Ljava/lang/Object;J)F
      getInt(J)I
      getInt(Ljava/lang/Object;J)I
      getLong(J)J
      getLong(Ljava/lang/Object;J)J
      getObject(Ljava/lang/Object;J)Ljava/lang/Object;
      putBoolean(Ljava/lang/Object;JZ)V
      putByte(JB)V
      putByte(Ljava/lang/Object;JB)V
      putDouble(Ljava/lang/Object;JD)V
      putFloat(Ljava/lang/Object;JF)V
      putInt(JI)V
      putInt(Ljava/lang/Object;JI)V
      putLong(JJ)V
      putLong(Ljava/lang/Object;JJ)V
      putObject(Ljava/lang/Object;JLjava/lang/Object;)V
      """;

  private final Map<String, byte[]> classes = new TreeMap<>();
  private final Map<String, String> services = new TreeMap<>();
  private final Map<String, byte[]> packed = new TreeMap<>();

  public static void main(String[] args) throws IOException {
    AgentJar jar = new AgentJar();
    for (String entry : args[3].split(File.pathSeparator)) {
      jar.read(Path.of(entry));
    }
    jar.pack();
    jar.packed.put("inst/io/inmesh/agent/version", args[1].getBytes(StandardCharsets.UTF_8));
    for (String name : new String[] {"LICENSE", "NOTICE"}) {
      jar.packed.put("META-INF/" + name, Files.readAllBytes(Path.of(args[2], name)));
    }
    jar.write(Path.of(args[0]), args[1]);
  }

  private void read(Path entry) throws IOException {
    if (Files.isDirectory(entry)) {
      try (Stream<Path> files = Files.walk(entry)) {
        for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
          String name = entry.relativize(file).toString().replace(File.separatorChar, '/');
          add(name, Files.readAllBytes(file));
        }
      }
    } else {
      try (JarFile jar = new JarFile(entry.toFile(), false)) {
        for (var item : (Iterable<java.util.jar.JarEntry>) jar.stream()::iterator) {
          if (!item.isDirectory()) {
            try (InputStream in = jar.getInputStream(item)) {
              add(item.getName(), in.readAllBytes());
            }
          }
        }
      }
    }
  }

  private void add(String name, byte[] bytes) {
    if (name.startsWith(SERVICES)) {
      services.merge(
          name, new String(bytes, StandardCharsets.UTF_8).strip() + "\n", String::concat);
    } else if (name.endsWith(".class")
        && !name.startsWith("META-INF/")
        && !name.endsWith("module-info.class")
        && !name.endsWith("package-info.class")) {
      classes.putIfAbsent(name.substring(0, name.length() - ".class".length()), bytes);
    }
  }

  /** From our own classes and the service providers along everything they name. */
  private void pack() {
    Deque<String> todo = new ArrayDeque<>();
    Set<String> seen = new HashSet<>();
    for (String name : classes.keySet()) {
      if (name.startsWith("io/inmesh/") && !name.startsWith("io/inmesh/shaded/")) {
        reach(name, seen, todo);
      }
    }
    services.forEach(
        (file, providers) -> {
          if (classes.containsKey(file.substring(SERVICES.length()).replace('.', '/'))) {
            providers.lines().forEach(line -> reach(line.strip().replace('.', '/'), seen, todo));
            packed.put("inst/" + file, providers.getBytes(StandardCharsets.UTF_8));
          }
        });
    packed.put("inst/" + UNSAFE + ".classdata", unsafe());
    while (!todo.isEmpty()) {
      String name = todo.remove();
      byte[] bytes = classes.get(name);
      byte[] renamed = rename(name, bytes, reference -> reach(reference, seen, todo));
      if (name.startsWith(LAUNCH)) {
        packed.put(name + ".class", bytes);
      } else {
        packed.put("inst/" + Names.renamed(name) + ".classdata", renamed);
      }
    }
  }

  private void reach(String name, Set<String> seen, Deque<String> todo) {
    if (classes.containsKey(name) && seen.add(name)) {
      todo.add(name);
    }
  }

  private static byte[] rename(
      String name, byte[] bytes, java.util.function.Consumer<String> references) {
    ClassReader reader = new ClassReader(bytes);
    ClassWriter writer = new ClassWriter(0);
    ClassVisitor visitor = new ClassRemapper(writer, new Names(name, references));
    reader.accept(name.equals(OKHTTP_PLATFORM) ? new PlainPlatform(visitor) : visitor, 0);
    return writer.toByteArray();
  }

  /**
   * A class with the methods of {@code sun.misc.Unsafe} that protobuf calls, each passed on to the
   * JDK's internal one, whose package the agent opens to itself. Written as bytecode, because javac
   * does not let a source for one release see internal packages.
   */
  private static byte[] unsafe() {
    String internal = "jdk/internal/misc/Unsafe";
    ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
    writer.visit(
        Opcodes.V17,
        Opcodes.ACC_PUBLIC | Opcodes.ACC_FINAL | Opcodes.ACC_SUPER,
        UNSAFE,
        null,
        "java/lang/Object",
        null);
    // Protobuf looks for a field that holds an instance.
    int constant = Opcodes.ACC_PRIVATE | Opcodes.ACC_STATIC | Opcodes.ACC_FINAL;
    writer.visitField(constant, "theUnsafe", "L" + UNSAFE + ";", null, null).visitEnd();
    MethodVisitor code = writer.visitMethod(Opcodes.ACC_PRIVATE, "<init>", "()V", null, null);
    code.visitCode();
    code.visitVarInsn(Opcodes.ALOAD, 0);
    code.visitMethodInsn(Opcodes.INVOKESPECIAL, "java/lang/Object", "<init>", "()V", false);
    code.visitInsn(Opcodes.RETURN);
    code.visitMaxs(0, 0);
    code = writer.visitMethod(Opcodes.ACC_STATIC, "<clinit>", "()V", null, null);
    code.visitCode();
    code.visitTypeInsn(Opcodes.NEW, UNSAFE);
    code.visitInsn(Opcodes.DUP);
    code.visitMethodInsn(Opcodes.INVOKESPECIAL, UNSAFE, "<init>", "()V", false);
    code.visitFieldInsn(Opcodes.PUTSTATIC, UNSAFE, "theUnsafe", "L" + UNSAFE + ";");
    code.visitInsn(Opcodes.RETURN);
    code.visitMaxs(0, 0);
    for (String signature : UNSAFE_METHODS.strip().split("\\s+")) {
      String name = signature.substring(0, signature.indexOf('('));
      String descriptor = signature.substring(name.length());
      code = writer.visitMethod(Opcodes.ACC_PUBLIC, name, descriptor, null, null);
      code.visitCode();
      code.visitMethodInsn(
          Opcodes.INVOKESTATIC, internal, "getUnsafe", "()L" + internal + ";", false);
      int slot = 1;
      for (Type argument : Type.getArgumentTypes(descriptor)) {
        code.visitVarInsn(argument.getOpcode(Opcodes.ILOAD), slot);
        slot += argument.getSize();
      }
      if (name.equals("arrayBaseOffset")) {
        // An int up to JDK 24, a long from 25 on.
        code.visitMethodInsn(
            Opcodes.INVOKESTATIC,
            "io/inmesh/agent/memory/ArrayBase",
            "offset",
            "(Ljava/lang/Object;Ljava/lang/Class;)I",
            false);
      } else {
        code.visitMethodInsn(
            Opcodes.INVOKEVIRTUAL, internal, internalName(name), descriptor, false);
      }
      code.visitInsn(Type.getReturnType(descriptor).getOpcode(Opcodes.IRETURN));
      code.visitMaxs(0, 0);
      code.visitEnd();
    }
    writer.visitEnd();
    return writer.toByteArray();
  }

  private static String internalName(String name) {
    return switch (name) {
      case "getObject" -> "getReference";
      case "putObject" -> "putReference";
      default -> name;
    };
  }

  private void write(Path output, String version) throws IOException {
    String manifest =
        "Manifest-Version: 1.0\r\n"
            + "Premain-Class: io.inmesh.bootstrap.launch.Premain\r\n"
            + "Can-Redefine-Classes: false\r\n"
            + "Can-Retransform-Classes: true\r\n"
            + "Implementation-Title: inmesh-agent\r\n"
            + ("Implementation-Version: " + version + "\r\n\r\n");
    ByteArrayOutputStream buffer = new ByteArrayOutputStream();
    try (JarOutputStream jar = new JarOutputStream(new BufferedOutputStream(buffer))) {
      jar.setLevel(Deflater.BEST_COMPRESSION);
      put(jar, "META-INF/MANIFEST.MF", manifest.getBytes(StandardCharsets.UTF_8));
      for (Map.Entry<String, byte[]> entry : packed.entrySet()) {
        put(jar, entry.getKey(), entry.getValue());
      }
    }
    // Replaced in one step: a JVM may have the old one open.
    Path temporary = output.resolveSibling(output.getFileName() + ".new");
    Files.write(temporary, buffer.toByteArray());
    Files.move(
        temporary,
        output,
        java.nio.file.StandardCopyOption.REPLACE_EXISTING,
        java.nio.file.StandardCopyOption.ATOMIC_MOVE);
  }

  private static void put(JarOutputStream jar, String name, byte[] bytes) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    entry.setTimeLocal(
        java.time.LocalDateTime.ofEpochSecond(TIMESTAMP / 1000, 0, java.time.ZoneOffset.UTC));
    jar.putNextEntry(entry);
    jar.write(bytes);
    jar.closeEntry();
  }

  /**
   * gRPC's OkHttp transport looks at {@code SSLContext.getDefault()} when its class is initialised,
   * even for plaintext. That would fix the application's default context before the application has
   * set its trust store, and parse every certificate of the JDK's (30 MB of garbage). The control
   * client speaks plaintext, so the transport gets its platform without TLS.
   */
  private static final class PlainPlatform extends ClassVisitor {
    private boolean found;

    PlainPlatform(ClassVisitor next) {
      super(Opcodes.ASM9, next);
    }

    @Override
    public MethodVisitor visitMethod(
        int access, String name, String descriptor, String signature, String[] exceptions) {
      MethodVisitor code = super.visitMethod(access, name, descriptor, signature, exceptions);
      if (!name.equals("findPlatform")) {
        return code;
      }
      found = true;
      code.visitCode();
      code.visitTypeInsn(Opcodes.NEW, OKHTTP_PLATFORM);
      code.visitInsn(Opcodes.DUP);
      code.visitInsn(Opcodes.ACONST_NULL);
      code.visitMethodInsn(
          Opcodes.INVOKESPECIAL, OKHTTP_PLATFORM, "<init>", "(Ljava/security/Provider;)V", false);
      code.visitInsn(Opcodes.ARETURN);
      code.visitMaxs(3, 0);
      code.visitEnd();
      return null;
    }

    @Override
    public void visitEnd() {
      if (!found) {
        throw new IllegalStateException(
            "this gRPC's Platform has no findPlatform(): look how it chooses TLS now");
      }
      super.visitEnd();
    }
  }

  /** Renames, and tells every name that it meets. */
  private static final class Names extends Remapper {
    private static final String LOGGING = "java/util/logging/";
    private static final Pattern CLASS_NAME = Pattern.compile("[a-z][\\w$]*(\\.[\\w$]+)+");

    private final boolean protobuf;
    private final java.util.function.Consumer<String> references;

    @SuppressWarnings("deprecation") // Byte Buddy's ASM may or may not have the newer constructor.
    Names(String inClass, java.util.function.Consumer<String> references) {
      this.protobuf = inClass.startsWith("io/inmesh/shaded/protobuf/");
      this.references = references;
    }

    static String renamed(String name) {
      if (name.startsWith(BRIDGE) && name.indexOf('/', BRIDGE.length()) < 0) {
        return "java/lang/Inmesh" + name.substring(BRIDGE.length());
      }
      if (name.startsWith(LOGGING)) {
        return "io/inmesh/agent/logging/" + name.substring(LOGGING.length());
      }
      return name;
    }

    @Override
    public String map(String name) {
      references.accept(name);
      return protobuf && name.equals("sun/misc/Unsafe") ? UNSAFE : renamed(name);
    }

    @Override
    public Object mapValue(Object value) {
      if (value instanceof String text) {
        // Class.forName and its like.
        Matcher matcher = CLASS_NAME.matcher(text);
        if (matcher.matches()) {
          references.accept(text.replace('.', '/'));
        }
      }
      return super.mapValue(value);
    }
  }
}
