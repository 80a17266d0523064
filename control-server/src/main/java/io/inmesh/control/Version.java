package io.inmesh.control;

/** The version that this server was built as. */
final class Version {
  /** From the jar's manifest, without the mark of a development build. */
  static String current() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "0.1.0" : version.replace("-SNAPSHOT", "");
  }

  private Version() {}
}
