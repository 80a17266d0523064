package io.inmesh.agent.packaged;

/** The smallest application: what it prints and how it exits must not change. */
final class Trivial {
  public static void main(String[] arguments) {
    System.out.println("out " + String.join(",", arguments));
    System.err.println("err");
    System.exit(3);
  }

  private Trivial() {}
}
