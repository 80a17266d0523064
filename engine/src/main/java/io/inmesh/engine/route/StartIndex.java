package io.inmesh.engine.route;

import java.util.Arrays;

/**
 * Routes by the text that a path must start with, found in one walk along the path: a hash runs
 * along with it, and is looked up at every length that some start has. Immutable, any thread.
 */
final class StartIndex {
  private static final int[] NONE = {};

  private final String[] starts;
  private final int[] lengths;
  private final int[] hashes;
  private final int[][] routes;

  /**
   * Lists of one start ascend.
   *
   * @param starts of all routes, by index
   * @param listed the routes to find; none has an empty start
   */
  StartIndex(String[] starts, int[] listed) {
    this.starts = starts;
    int size = Integer.highestOneBit(Math.max(1, listed.length)) * 4;
    hashes = new int[size];
    routes = new int[size][];
    Arrays.fill(routes, NONE);
    for (int route : listed) {
      String start = starts[route];
      int slot = slot(start.hashCode(), start, start.length());
      hashes[slot] = start.hashCode();
      routes[slot] = append(routes[slot], route);
    }
    lengths =
        Arrays.stream(listed).map(route -> starts[route].length()).sorted().distinct().toArray();
  }

  static int[] append(int[] list, int value) {
    int[] longer = Arrays.copyOf(list, list.length + 1);
    longer[list.length] = value;
    return longer;
  }

  /** How many lengths there are to be looked up, shortest first. */
  int lengths() {
    return lengths.length;
  }

  /** The {@code i}th length. */
  int length(int i) {
    return lengths[i];
  }

  /** Continues the hash of a path's first {@code from} characters up to {@code to}. */
  static int hash(int hash, String path, int from, int to) {
    int longer = hash;
    for (int i = from; i < to; i++) {
      longer = 31 * longer + path.charAt(i); // as String.hashCode
    }
    return longer;
  }

  /** The routes whose start is the path's first {@code length} characters. */
  int[] find(int hash, String path, int length) {
    return routes[slot(hash, path, length)];
  }

  /** Where a start is, or would be. */
  private int slot(int hash, String path, int length) {
    int slot = (hash ^ hash >>> 15) & hashes.length - 1;
    while (routes[slot].length > 0 && !isAt(slot, hash, path, length)) {
      slot = slot + 1 & hashes.length - 1;
    }
    return slot;
  }

  private boolean isAt(int slot, int hash, String path, int length) {
    String start = starts[routes[slot][0]];
    return hashes[slot] == hash
        && start.length() == length
        && path.regionMatches(0, start, 0, length);
  }
}
