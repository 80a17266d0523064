package io.inmesh.bootstrap.launch;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.util.Collections;
import java.util.Enumeration;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.jspecify.annotations.Nullable;

/**
 * Loads the agent from the {@code inst/} area of its jar, where classes end in {@code .classdata}
 * so that no other loader takes them for its own.
 *
 * <p>It shows its classes a few packages of the JDK and nothing else: what the application has on
 * its class path is invisible here, and the reverse. {@code sun.misc} is hidden too, because
 * libraries that find {@code sun.misc.Unsafe} use it, and newer JDKs then warn on standard error.
 * Parallel capable.
 */
final class AgentClassLoader extends ClassLoader {
  private static final String AREA = "inst/";
  private static final String[] FROM_THE_JDK = {
    "java.",
    "javax.net.",
    "javax.security.",
    "javax.crypto.",
    "com.sun.net.httpserver.",
    "jdk.internal.misc.",
    // The JDK's generated accessors for reflection look for their superclass here.
    "jdk.internal.reflect."
  };

  static {
    registerAsParallelCapable();
  }

  private final JarFile jar;
  private final ClassLoader platform = ClassLoader.getPlatformClassLoader();

  AgentClassLoader(JarFile jar) {
    super("inmesh-agent", null);
    this.jar = jar;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    for (String prefix : FROM_THE_JDK) {
      if (name.startsWith(prefix)) {
        return platform.loadClass(name);
      }
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      if (loaded == null) {
        loaded = findClass(name);
      }
      if (resolve) {
        resolveClass(loaded);
      }
      return loaded;
    }
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    byte[] bytes;
    try {
      bytes = read(name.replace('.', '/') + ".class");
    } catch (IOException e) {
      throw new ClassNotFoundException(name + ": the agent's jar cannot be read any more", e);
    }
    if (bytes == null) {
      throw new ClassNotFoundException(name);
    }
    return defineClass(name, bytes, 0, bytes.length);
  }

  @Override
  public @Nullable URL getResource(String name) {
    return findResource(name);
  }

  @Override
  public Enumeration<URL> getResources(String name) {
    return findResources(name);
  }

  @Override
  protected @Nullable URL findResource(String name) {
    if (jar.getEntry(entryName(name)) == null) {
      return null;
    }
    try {
      return new URL(null, "inmesh:" + name, new Handler(this, name));
    } catch (MalformedURLException e) {
      return null; // Such a name has no resource.
    }
  }

  @Override
  protected Enumeration<URL> findResources(String name) {
    URL found = findResource(name);
    return found == null
        ? Collections.emptyEnumeration()
        : Collections.enumeration(Collections.singleton(found));
  }

  @Override
  public @Nullable InputStream getResourceAsStream(String name) {
    try {
      byte[] bytes = read(name);
      return bytes == null ? null : new ByteArrayInputStream(bytes);
    } catch (IOException e) {
      return null;
    }
  }

  private byte @Nullable [] read(String name) throws IOException {
    ZipEntry entry = jar.getEntry(entryName(name));
    if (entry == null) {
      return null;
    }
    // The size is known: readAllBytes would take a buffer of 16 KB for each of 1,200 classes.
    byte[] bytes = new byte[(int) entry.getSize()];
    try (InputStream in = jar.getInputStream(entry)) {
      if (in.readNBytes(bytes, 0, bytes.length) != bytes.length) {
        throw new IOException(entry.getName() + " is cut short");
      }
    }
    return bytes;
  }

  private static String entryName(String name) {
    return AREA + (name.endsWith(".class") ? name + "data" : name);
  }

  /** Serves one resource from the open jar; the JDK's own handler would open the jar again. */
  private static final class Handler extends URLStreamHandler {
    private final AgentClassLoader loader;
    private final String name;

    Handler(AgentClassLoader loader, String name) {
      this.loader = loader;
      this.name = name;
    }

    @Override
    protected URLConnection openConnection(URL url) {
      return new URLConnection(url) {
        @Override
        public void connect() {}

        @Override
        public InputStream getInputStream() throws IOException {
          InputStream in = loader.getResourceAsStream(name);
          if (in == null) {
            throw new IOException(name + " is not in the agent's jar");
          }
          return in;
        }
      };
    }
  }
}
