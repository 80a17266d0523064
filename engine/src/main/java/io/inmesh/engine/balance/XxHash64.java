package io.inmesh.engine.balance;

/**
 * The hash that places keys and endpoints (xxHash, 64 bits: <a
 * href="https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md">its specification</a>).
 * Envoy hashes a key's bytes with seed 0. Of a header with several values it sorts them, and hashes
 * each with the hash of the one before as its seed.
 */
public final class XxHash64 {
  private static final long PRIME_1 = 0x9E3779B185EBCA87L;
  private static final long PRIME_2 = 0xC2B2AE3D27D4EB4FL;
  private static final long PRIME_3 = 0x165667B19E3779F9L;
  private static final long PRIME_4 = 0x85EBCA77C2B2AE63L;
  private static final long PRIME_5 = 0x27D4EB2F165667C5L;

  /** Bytes that the four lanes take in together. */
  private static final int STRIPE = 32;

  /**
   * Hashes text as HTTP/1.1 has it on the wire: a byte for each character, {@code ?} for those that
   * ISO 8859-1 has not.
   */
  public static long hash(String text, long seed) {
    int length = text.length();
    int at = 0;
    long hash = seed + PRIME_5;
    if (length >= STRIPE) {
      long lane1 = seed + PRIME_1 + PRIME_2;
      long lane2 = seed + PRIME_2;
      long lane3 = seed;
      long lane4 = seed - PRIME_1;
      for (; at <= length - STRIPE; at += STRIPE) {
        lane1 = round(lane1, eight(text, at));
        lane2 = round(lane2, eight(text, at + 8));
        lane3 = round(lane3, eight(text, at + 16));
        lane4 = round(lane4, eight(text, at + 24));
      }
      hash =
          Long.rotateLeft(lane1, 1)
              + Long.rotateLeft(lane2, 7)
              + Long.rotateLeft(lane3, 12)
              + Long.rotateLeft(lane4, 18);
      hash = merge(merge(merge(merge(hash, lane1), lane2), lane3), lane4);
    }
    return avalanche(rest(text, at, hash + length));
  }

  /** What is left after the last whole stripe. */
  private static long rest(String text, int from, long sum) {
    int length = text.length();
    int at = from;
    long hash = sum;
    for (; at <= length - 8; at += 8) {
      hash = Long.rotateLeft(hash ^ round(0, eight(text, at)), 27) * PRIME_1 + PRIME_4;
    }
    if (at <= length - 4) {
      hash = Long.rotateLeft(hash ^ four(text, at) * PRIME_1, 23) * PRIME_2 + PRIME_3;
      at += 4;
    }
    for (; at < length; at++) {
      hash = Long.rotateLeft(hash ^ one(text, at) * PRIME_5, 11) * PRIME_1;
    }
    return hash;
  }

  private static long avalanche(long sum) {
    long hash = (sum ^ sum >>> 33) * PRIME_2;
    hash = (hash ^ hash >>> 29) * PRIME_3;
    return hash ^ hash >>> 32;
  }

  private static long round(long lane, long input) {
    return Long.rotateLeft(lane + input * PRIME_2, 31) * PRIME_1;
  }

  private static long merge(long hash, long lane) {
    return (hash ^ round(0, lane)) * PRIME_1 + PRIME_4;
  }

  private static long eight(String text, int at) {
    return four(text, at) | four(text, at + 4) << 32;
  }

  private static long four(String text, int at) {
    return one(text, at)
        | one(text, at + 1) << 8
        | one(text, at + 2) << 16
        | one(text, at + 3) << 24;
  }

  private static long one(String text, int at) {
    char c = text.charAt(at);
    return c < 0x100 ? c : '?';
  }

  private XxHash64() {}
}
