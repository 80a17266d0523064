package io.inmesh.engine.balance;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Maglev's table as Envoy builds it (<a
 * href="https://research.google/pubs/maglev-a-fast-and-reliable-software-network-load-balancer/">the
 * paper</a>, listing 1): endpoints, in the order of their addresses, take a free place each in
 * turn, every one along a sequence of its own that its hashes give. One with a fraction of the
 * greatest weight takes part in that fraction of the turns.
 */
final class Maglev implements LoadBalancer {
  private final EndpointLoad[] owners;
  private final int[] table;

  /**
   * @param size prime
   */
  Maglev(List<HashedEndpoint> endpoints, int size) {
    List<HashedEndpoint> sorted =
        endpoints.stream().sorted(Comparator.comparing(HashedEndpoint::key)).toList();
    owners = sorted.stream().map(HashedEndpoint::load).toArray(EndpointLoad[]::new);
    table = table(sorted, size);
  }

  @Override
  public EndpointLoad pick(RandomGenerator random, long key, int attempt) {
    // A call that does not want what came asks for a key far away from its own.
    long asked = attempt == 0 ? key : key ^ -attempt;
    return owners[table[(int) Long.remainderUnsigned(asked, table.length)]];
  }

  private static int[] table(List<HashedEndpoint> endpoints, int size) {
    int[] table = new int[size];
    Arrays.fill(table, -1);
    Candidate[] candidates = new Candidate[endpoints.size()];
    double greatest = 0;
    for (int i = 0; i < candidates.length; i++) {
      candidates[i] = new Candidate(endpoints.get(i), size);
      greatest = Math.max(greatest, candidates[i].weight);
    }
    int taken = 0;
    for (long turn = 1; taken < size; turn++) {
      for (int i = 0; i < candidates.length && taken < size; i++) {
        if (candidates[i].isDue(turn, greatest)) {
          table[candidates[i].nextFree(table)] = i;
          taken++;
        }
      }
    }
    return table;
  }

  /** An endpoint while the table is being filled. */
  private static final class Candidate {
    private final double weight;
    private final long skip;
    private long place;
    private double target;

    Candidate(HashedEndpoint endpoint, int size) {
      this.weight = endpoint.weight();
      this.place = Long.remainderUnsigned(XxHash64.hash(endpoint.key(), 0), size);
      this.skip = Long.remainderUnsigned(XxHash64.hash(endpoint.key(), 1), size - 1) + 1;
    }

    boolean isDue(long turn, double greatest) {
      if (turn * weight < target) {
        return false;
      }
      target += greatest;
      return true;
    }

    int nextFree(int[] table) {
      while (table[(int) place] >= 0) {
        place = (place + skip) % table.length;
      }
      return (int) place;
    }
  }
}
