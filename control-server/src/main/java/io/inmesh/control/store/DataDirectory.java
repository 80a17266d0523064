package io.inmesh.control.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The directory that one control server owns while it runs: the operating system releases the lock
 * whatever way the process dies.
 */
final class DataDirectory implements AutoCloseable {
  private final Path path;
  private final FileChannel channel;
  private final FileLock lock;

  private DataDirectory(Path path, FileChannel channel, FileLock lock) {
    this.path = path;
    this.channel = channel;
    this.lock = lock;
  }

  static DataDirectory claim(Path path) {
    Path lockFile = path.resolve("lock");
    try {
      Files.createDirectories(path);
    } catch (IOException e) {
      throw new StoreException(
          "cannot create the data directory "
              + path
              + " ("
              + reason(e)
              + "); choose another with --data DIR",
          e);
    }
    FileChannel channel;
    try {
      channel =
          FileChannel.open(
              lockFile,
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new StoreException(
          "cannot write to the data directory "
              + path
              + " ("
              + reason(e)
              + "); make it writable for this user, or choose another with --data DIR",
          e);
    }
    FileLock lock = tryLock(channel, path);
    if (lock == null) {
      close(channel);
      throw new StoreException(
          "another control server is using the data directory "
              + path
              + "; stop it, or choose another directory with --data DIR");
    }
    return new DataDirectory(path, channel, lock);
  }

  private static @Nullable FileLock tryLock(FileChannel channel, Path path) {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // held by this very process
    } catch (IOException e) {
      close(channel);
      throw new StoreException(
          "cannot lock "
              + path.resolve("lock")
              + " ("
              + reason(e)
              + "); the data directory must be on a file system with locks",
          e);
    }
  }

  Path file(String name) {
    return path.resolve(name);
  }

  @Override
  public void close() {
    try {
      lock.release();
    } catch (IOException e) {
      throw new StoreException("cannot release the lock of " + path + " (" + reason(e) + ")", e);
    } finally {
      close(channel);
    }
  }

  private static void close(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      throw new StoreException("cannot close the lock file (" + reason(e) + ")", e);
    }
  }

  /** In words: JDK file exceptions often have only the path for a message. */
  private static String reason(IOException e) {
    String file =
        e instanceof FileSystemException problem ? String.valueOf(problem.getFile()) : "it";
    if (e instanceof FileAlreadyExistsException) {
      return file + " is a file";
    }
    if (e instanceof AccessDeniedException) {
      return "this user may not write " + file;
    }
    if (e instanceof NoSuchFileException) {
      return file + " is not there";
    }
    if (e instanceof FileSystemException problem && problem.getReason() != null) {
      return file + ": " + problem.getReason();
    }
    return String.valueOf(e.getMessage());
  }
}
