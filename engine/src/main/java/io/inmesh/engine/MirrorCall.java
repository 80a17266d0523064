package io.inmesh.engine;

import io.inmesh.engine.balance.ClusterLoad;
import io.inmesh.engine.balance.EndpointLoad;
import io.inmesh.engine.model.Endpoint;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A copy of a call for another cluster: sent once, whatever comes of the call itself, and never
 * tried again; its answer is dropped. It counts towards its own cluster's limits until it is
 * closed. Any thread.
 */
public final class MirrorCall implements AutoCloseable {
  private final ClusterLoad cluster;
  private final EndpointLoad load;
  private final RequestHead head;
  private final Duration timeout;
  private final AtomicBoolean closed = new AtomicBoolean();

  MirrorCall(ClusterLoad cluster, EndpointLoad load, RequestHead head, Duration timeout) {
    this.cluster = cluster;
    this.load = load;
    this.head = head;
    this.timeout = timeout;
  }

  /** The cluster's name. */
  public String cluster() {
    return cluster.cluster().name();
  }

  public Endpoint endpoint() {
    return load.endpoint();
  }

  public RequestHead head() {
    return head;
  }

  /** Bounds the TCP connect; zero: no bound. */
  public Duration connectTimeout() {
    return cluster.cluster().connection().connect();
  }

  /** Bounds the whole copy, as it does the call; zero: no bound. */
  public Duration timeout() {
    return timeout;
  }

  /** A response has begun. */
  public void responded(int status) {
    load.responded(status);
  }

  /** No connection could be made. */
  public void connectFailed() {
    load.connectFailed();
  }

  /** The connection was lost before a response began. */
  public void reset() {
    load.reset();
  }

  /** The copy is over; the first time counts. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      load.release();
      cluster.endRequest();
    }
  }
}
