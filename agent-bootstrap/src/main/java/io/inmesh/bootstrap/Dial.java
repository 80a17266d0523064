package io.inmesh.bootstrap;

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

  /** An answer from within the process; nothing is connected. */
  public static final class Local extends Dial {
    /** Stands for the connection. */
    public final Socket socket;

    /** A connection that this socket plays. */
    public Local(Socket socket) {
      this.socket = socket;
    }

    @Override
    public boolean next(@Nullable Throwable failure) {
      return false;
    }
  }
}
