package io.inmesh.testapps;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/** Prints a line on each stream and ends in the way that its argument names. */
public final class Endings {
  private static final long A_WHILE_NANOS = 300_000_000L;

  /** Runs it; arguments: one of the names below. */
  public static void main(String[] args) {
    System.out.println("hello");
    System.err.println("hello, stderr");
    switch (args[0]) {
      case "normal" -> {}
      case "uncaught" -> throw new IllegalStateException("uncaught in main");
      case "uncaught-elsewhere" -> start(false, Endings::fail);
      case "exit" -> System.exit(3);
      case "halt" -> Runtime.getRuntime().halt(4);
      case "hook" -> Runtime.getRuntime().addShutdownHook(new Thread(Endings::late));
      case "non-daemon" -> start(false, Endings::late);
      case "daemon" -> start(true, Endings::never);
      case "out-of-memory" -> throw new OutOfMemoryError("not really");
      default -> throw new IllegalArgumentException(args[0]);
    }
  }

  private static void start(boolean daemon, Runnable work) {
    Thread thread = new Thread(work, "other");
    thread.setDaemon(daemon);
    thread.start();
  }

  private static void fail() {
    throw new IllegalStateException("uncaught in another thread");
  }

  private static void late() {
    LockSupport.parkNanos(A_WHILE_NANOS);
    System.out.println("late");
  }

  private static void never() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Endings() {}
}
