package io.inmesh.engine.balance;

import io.inmesh.engine.model.LbPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Ketama as Envoy builds it: each endpoint stands on a ring of 64-bit numbers at the hashes of
 * {@code address:port_i}, as many as its weight asks for, and a key belongs to the first place at
 * or after it. The least endpoint gets a whole number of places, so that the ring has the minimum
 * size or somewhat more; a ring that would become larger than the maximum is scaled down to it.
 */
final class RingHash implements LoadBalancer {
  private record Place(long hash, EndpointLoad owner) {}

  private final long[] hashes;
  private final EndpointLoad[] owners;

  RingHash(List<HashedEndpoint> endpoints, LbPolicy.RingHash policy) {
    List<Place> places = places(endpoints, scale(endpoints, policy));
    places.sort((a, b) -> Long.compareUnsigned(a.hash, b.hash));
    hashes = places.stream().mapToLong(Place::hash).toArray();
    owners = places.stream().map(Place::owner).toArray(EndpointLoad[]::new);
  }

  @Override
  public @Nullable EndpointLoad pick(RandomGenerator random, long key, int attempt) {
    if (owners.length == 0) {
      // A minimum size of 0 gives a ring that nobody stands on.
      return null;
    }
    // A call that does not want what came goes on to the next place, which may well be of the same.
    return owners[(first(key) + attempt) % owners.length];
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
  private static List<Place> places(List<HashedEndpoint> endpoints, double scale) {
    List<Place> places = new ArrayList<>((int) Math.ceil(scale));
    double target = 0;
    for (HashedEndpoint endpoint : endpoints) {
      String prefix = endpoint.key() + "_";
      target += scale * endpoint.weight();
      for (int i = 0; places.size() < target; i++) {
        places.add(new Place(XxHash64.hash(prefix + i, 0), endpoint.load()));
      }
    }
    return places;
  }

  private int first(long key) {
    int low = 0;
    int high = hashes.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Long.compareUnsigned(hashes[middle], key) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low == hashes.length ? 0 : low;
  }
}
