package io.inmesh.engine.balance;

import io.inmesh.engine.model.LbPolicy;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Ketama as Envoy builds it: each endpoint stands on a ring of 64-bit numbers at the hashes of
 * {@code address:port_i}, as many as its weight asks for, and a key belongs to the first place at
 * or after it. The least endpoint gets a whole number of places, so that the ring has the minimum
 * size or somewhat more; a ring that would become larger than the maximum is scaled down to it.
 *
 * <p>A ring may have millions of places. It is built without an object for each: places are sorted
 * as numbers, then each endpoint looks up where its own have come to stand.
 */
final class RingHash implements LoadBalancer {
  /** Turns unsigned order into signed order. */
  private static final long SIGN = Long.MIN_VALUE;

  private final long[] places;
  private final EndpointLoad[] owners;

  RingHash(List<HashedEndpoint> endpoints, LbPolicy.RingHash policy) {
    int[] counts = counts(endpoints, scale(endpoints, policy));
    places = new long[Arrays.stream(counts).sum()];
    int at = 0;
    for (int i = 0; i < counts.length; i++) {
      String prefix = prefix(endpoints.get(i));
      for (int n = 0; n < counts[i]; n++) {
        places[at++] = place(prefix, n);
      }
    }
    Arrays.sort(places);
    owners = new EndpointLoad[places.length];
    for (int i = 0; i < counts.length; i++) {
      String prefix = prefix(endpoints.get(i));
      for (int n = 0; n < counts[i]; n++) {
        take(place(prefix, n), endpoints.get(i).load());
      }
    }
  }

  @Override
  public @Nullable EndpointLoad pick(RandomGenerator random, long key, int attempt) {
    if (owners.length == 0) {
      // A minimum size of 0 gives a ring that nobody stands on.
      return null;
    }
    // A call that does not want what came goes on to the next place, which may well be of the same.
    return owners[(first(key ^ SIGN) + attempt) % owners.length];
  }

  private static double scale(List<HashedEndpoint> endpoints, LbPolicy.RingHash policy) {
    double least = 1;
    for (HashedEndpoint endpoint : endpoints) {
      least = Math.min(least, endpoint.weight());
    }
    double wholePlaces = Math.ceil(least * policy.minimumSize()) / least;
    return Math.min(wholePlaces, (double) policy.maximumSize());
  }

  /** Fractions of a place are carried over from one endpoint to the next. */
  private static int[] counts(List<HashedEndpoint> endpoints, double scale) {
    int[] counts = new int[endpoints.size()];
    double target = 0;
    int total = 0;
    for (int i = 0; i < counts.length; i++) {
      target += scale * endpoints.get(i).weight();
      counts[i] = Math.max(0, (int) Math.ceil(target) - total);
      total += counts[i];
    }
    return counts;
  }

  private static String prefix(HashedEndpoint endpoint) {
    return endpoint.key() + "_";
  }

  private static long place(String prefix, int n) {
    return XxHash64.hash(prefix + n, 0) ^ SIGN;
  }

  /** Should two ever have the same hash, both stand there. */
  private void take(long place, EndpointLoad owner) {
    int at = first(place);
    while (owners[at] != null) {
      at++;
    }
    owners[at] = owner;
  }

  private int first(long place) {
    int low = 0;
    int high = places.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (places[middle] < place) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low == places.length ? 0 : low;
  }
}
