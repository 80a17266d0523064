package io.inmesh.bootstrap;

/** Hears of failures inside hooks, which the application must not. */
public interface FailureSink {
  /** A hook failed; the application's call went on as without it. */
  void failed(String hook, Throwable failure);
}
