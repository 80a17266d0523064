package io.inmesh.engine.balance;

import io.inmesh.engine.model.Endpoint;
import java.util.List;

/**
 * What a call asks of the choice of its endpoint.
 *
 * @param tried endpoints to avoid where there is another (Envoy: the previous_hosts predicate); the
 *     list is read during the pick only
 * @param again how often to pick again when a tried one came (Envoy:
 *     host_selection_retry_max_attempts); then the last one is taken
 * @param hasKey false: a hashing load balancer draws
 * @param key of a hashing load balancer; see {@link XxHash64}
 */
public record Pick(List<Endpoint> tried, int again, boolean hasKey, long key) {
  /** A first attempt without a key. */
  public static final Pick ANY = new Pick(List.of(), 0, false, 0);
}
