package io.inmesh.bootstrap;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.Socket;
import java.net.URL;
import org.jspecify.annotations.Nullable;

/**
 * The agent's side of the HttpURLConnection hooks. One instance per process, called by any thread;
 * what it throws never leaves the {@link Bridge}.
 *
 * <p>A <em>client</em> is the JDK's internal object for one connection, which outlives calls while
 * it is kept alive; to the agent it is an identity only. Its <em>socket</em> comes along where the
 * hook has it: the one that {@link Dial#result} gave knows its call without a search.
 */
public interface HttpCalls {
  /**
   * A connection is about to be looked up or made for a request.
   *
   * @return the call, or null to leave it alone
   */
  @Nullable Object begin(URL url, @Nullable Proxy proxy, HttpURLConnection connection);

  /** What {@link #begin} returned has its connection, or failed to get one (client is null). */
  void connected(Object call, @Nullable Object client);

  /** The key under which the pool is to be searched now. */
  @Nullable Object keyForLookup(@Nullable Object key);

  /** The key under which this client is to be kept alive. */
  @Nullable Object keyForKeeping(@Nullable Object key, Object client);

  /**
   * A socket is about to be connected for this client.
   *
   * @param timeoutMillis the application's connect timeout; 0 or less = none
   * @return where to, or null to leave it alone
   */
  @Nullable Dial dial(Object client, int timeoutMillis);

  /**
   * A request is about to be written.
   *
   * @param head the JDK's request line and headers, to be left as they are
   * @param body the JDK's buffer; null if there is none, or if it is streamed
   * @return what is to be written in place of {@code head}; itself if nothing changes
   */
  Object writing(
      Object client, @Nullable Socket socket, Object head, @Nullable Object body, boolean streaming)
      throws IOException;

  /**
   * A response is about to be waited for; {@link #answered} follows.
   *
   * @return true if the JDK must not try again by itself when the connection is lost
   */
  boolean awaiting(Object client, @Nullable Socket socket);

  /**
   * The response's head is there, or the wait for it failed.
   *
   * @param response the JDK's response headers
   * @param head as for {@link #writing}, and so {@code body}
   * @return null: that is what the application gets; {@link Boolean#TRUE}: the request was sent
   *     anew, wait again; a throwable: the application gets that
   */
  @Nullable Object answered(
      Object client,
      @Nullable Socket socket,
      Object response,
      @Nullable Object head,
      @Nullable Object body,
      @Nullable Throwable failure);

  /** The client's current call is over; true if its connection must not be kept alive. */
  boolean finished(Object client, @Nullable Socket socket);

  /** An idle connection like this client's is to be closed now. */
  @Nullable Object closingIdle(Object client);

  /** What {@link #closingIdle} began is over. */
  void closedIdle(Object state);
}
