package io.inmesh.agent.control;

import io.inmesh.agent.AgentLog;
import io.inmesh.agent.config.AgentConfig;
import io.inmesh.shaded.envoy.service.discovery.v3.DiscoveryResponse;
import io.inmesh.shaded.protobuf.Any;
import io.inmesh.xds.ResourceType;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * The last good configuration in a file, so that a process can start while no control server
 * answers.
 *
 * <p>The file holds the resources as they were sent, behind a head that says whose they are, and a
 * CRC-32C of everything. It is replaced by a rename after the new one is on the disk, so that a
 * crash leaves the old one or the new one. Whatever is wrong with it, or with the disk, costs one
 * warning and nothing else. One thread owns it.
 */
final class LastGoodStore {
  private static final String MAGIC = "INMESH-LAST-GOOD-1";
  private static final int CHECKSUM_BYTES = Long.BYTES;

  /** Far above what any agent holds; a longer file is not ours. */
  private static final long LONGEST = 64L << 20;

  private final Path file;
  private final String namespace;
  private final String service;
  private final AgentLog log;
  private boolean tidied;

  LastGoodStore(AgentConfig config, AgentLog log) {
    this.namespace = config.namespace();
    this.service = config.service();
    this.log = log;
    this.file = config.dataDir().resolve(fileName(config));
  }

  /**
   * One file for each workload and control plane: a process without a service goes by its program,
   * and what one mesh said is nothing to a process of another one that shares the folder.
   */
  static String fileName(AgentConfig config) {
    String instance = config.instance();
    int dash = instance.lastIndexOf('-');
    String workload =
        !config.service().isEmpty()
            ? config.service()
            : "client-" + (dash < 0 ? instance : instance.substring(0, dash));
    String mesh = HexFormat.of().toHexDigits(config.controls().hashCode());
    return safe(config.namespace() + "_" + workload) + "_" + mesh + ".lastgood";
  }

  /** Names come from settings and may hold anything; two that differ stay different. */
  private static String safe(String name) {
    String plain = name.replaceAll("[^A-Za-z0-9._-]", "-");
    return plain.equals(name) ? name : plain + "-" + HexFormat.of().toHexDigits(name.hashCode());
  }

  /** What was kept, by type; empty if there is nothing to be used. */
  Map<ResourceType, List<Any>> load() {
    byte[] bytes;
    try {
      if (Files.size(file) > LONGEST) {
        ignored("it is longer than " + LONGEST + " bytes");
        return Map.of();
      }
      bytes = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      return Map.of();
    } catch (IOException | RuntimeException e) {
      ignored("it cannot be read: " + e);
      return Map.of();
    }
    try {
      return decode(bytes);
    } catch (IOException | RuntimeException e) {
      ignored(String.valueOf(e.getMessage()));
      return Map.of();
    }
  }

  private void ignored(String why) {
    log.warnOnce(
        "last-good-load",
        "the last good configuration in "
            + file
            + " is ignored: "
            + why
            + ". It is written anew when a control server answers",
        null);
  }

  /** Replaces what was kept. */
  void save(Map<ResourceType, List<Any>> resources) {
    Path temporary = file.resolveSibling(file.getFileName() + "." + ProcessHandle.current().pid());
    try {
      Files.createDirectories(file.toAbsolutePath().getParent(), ownerOnly("rwx------"));
      write(temporary, encode(resources));
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      tidy();
    } catch (IOException | RuntimeException e) {
      log.warnOnce(
          "last-good-save",
          "the last good configuration cannot be kept in "
              + file
              + ": "
              + e
              + ". The mesh goes on; without a control server, a restart would begin without policy."
              + " Make the folder writable or set data.dir to one that is",
          null);
      discard(temporary);
    }
  }

  /** Removes what processes left behind that ended while they wrote. */
  private void tidy() throws IOException {
    if (tidied) {
      return;
    }
    tidied = true;
    String prefix = file.getFileName() + ".";
    try (Stream<Path> files = Files.list(file.toAbsolutePath().getParent())) {
      for (Path other : (Iterable<Path>) files::iterator) {
        String name = other.getFileName().toString();
        if (name.startsWith(prefix) && isGone(name.substring(prefix.length()))) {
          discard(other);
        }
      }
    }
  }

  private static boolean isGone(String pid) {
    return pid.matches("[0-9]{1,18}") && ProcessHandle.of(Long.parseLong(pid)).isEmpty();
  }

  private static void discard(Path temporary) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException | RuntimeException e) {
      // It could not be written, and cannot be deleted: that was warned of already.
      return;
    }
  }

  private static void write(Path path, byte[] bytes) throws IOException {
    Files.deleteIfExists(path);
    try (FileChannel channel =
        FileChannel.open(
            path,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            ownerOnly("rw-------"))) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    }
  }

  private static FileAttribute<?>[] ownerOnly(String permissions) {
    boolean posix = Path.of("").getFileSystem().supportedFileAttributeViews().contains("posix");
    return posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  private byte[] encode(Map<ResourceType, List<Any>> resources) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    try {
      out.writeUTF(MAGIC);
      out.writeUTF(namespace);
      out.writeUTF(service);
      for (Map.Entry<ResourceType, List<Any>> entry : resources.entrySet()) {
        DiscoveryResponse.newBuilder()
            .setTypeUrl(entry.getKey().typeUrl())
            .addAllResources(entry.getValue())
            .build()
            .writeDelimitedTo(out);
      }
      out.writeLong(checksum(bytes.toByteArray(), bytes.size()));
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot fail", e);
    }
    return bytes.toByteArray();
  }

  private Map<ResourceType, List<Any>> decode(byte[] bytes) throws IOException {
    int length = bytes.length - CHECKSUM_BYTES;
    if (length < 0
        || ByteBuffer.wrap(bytes, length, CHECKSUM_BYTES).getLong() != checksum(bytes, length)) {
      throw new IOException("it is damaged (its checksum does not fit)");
    }
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes, 0, length));
    if (!in.readUTF().equals(MAGIC)) {
      throw new IOException("it has a format that this agent version does not know");
    }
    String itsNamespace = in.readUTF();
    String itsService = in.readUTF();
    if (!itsNamespace.equals(namespace) || !itsService.equals(service)) {
      throw new IOException(
          "it belongs to service '" + itsService + "' in namespace '" + itsNamespace + "'");
    }
    Map<ResourceType, List<Any>> resources = new EnumMap<>(ResourceType.class);
    while (in.available() > 0) {
      DiscoveryResponse response = DiscoveryResponse.parseDelimitedFrom(in);
      ResourceType.of(response.getTypeUrl())
          .ifPresent(type -> resources.put(type, response.getResourcesList()));
    }
    return resources;
  }

  private static long checksum(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return crc.getValue();
  }
}
