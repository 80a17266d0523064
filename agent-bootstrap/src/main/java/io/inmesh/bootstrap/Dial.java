package io.inmesh.bootstrap;

import java.io.IOException;
import java.net.Socket;
import org.jspecify.annotations.Nullable;

/**
 * One connection attempt after another, until one succeeds or none is left. Used by one thread.
 *
 * <p>Fields rather than accessors, because advice is inlined into the JDK.
 */
public abstract class Dial {
  /** The host to connect to in the current attempt. */
  public String host = "";

  /** The port to connect to in the current attempt. */
  public int port;

  /** The current attempt's timeout, in milliseconds; 0 or less = none. */
  public int timeoutMillis;

  /** The application's own value, to be restored. */
  public int originalTimeoutMillis;

  /**
   * An attempt is over.
   *
   * @param failure why it failed, or null if it is connected
   * @return whether there is another attempt to make, described by the fields
   */
  public abstract boolean next(@Nullable Throwable failure);

  /**
   * There is no further attempt.
   *
   * @param connected what the last attempt gave; null if it failed
   * @return what is to be used in its place, also if it failed; null leaves both as they are
   */
  public @Nullable Socket result(@Nullable Socket connected) {
    return null;
  }

  /** What the application is to be told in place of a connection; null: nothing of the mesh's. */
  public @Nullable IOException refusal() {
    return null;
  }

  /** An answer from within the process; nothing is connected. */
  public static final class Local extends Dial {
    private final @Nullable Socket socket;
    private final @Nullable IOException refusal;

    /** A connection that this socket plays. */
    public Local(Socket socket) {
      this.socket = socket;
      this.refusal = null;
    }

    /** No connection, and the reason. */
    public Local(IOException refusal) {
      this.socket = null;
      this.refusal = refusal;
    }

    @Override
    public boolean next(@Nullable Throwable failure) {
      return false;
    }

    @Override
    public @Nullable Socket result(@Nullable Socket connected) {
      return socket;
    }

    @Override
    public @Nullable IOException refusal() {
      return refusal;
    }
  }
}
