package io.inmesh.engine.balance;

/** Which part of many keys stays where it was. */
final class Kept {
  private static final int KEYS = 50_000;

  static double part(LoadBalancer before, LoadBalancer after) {
    int kept = 0;
    for (int i = 0; i < KEYS; i++) {
      long key = XxHash64.hash("key-" + i, 0);
      kept += Hashing.address(before, key).equals(Hashing.address(after, key)) ? 1 : 0;
    }
    return (double) kept / KEYS;
  }

  private Kept() {}
}
