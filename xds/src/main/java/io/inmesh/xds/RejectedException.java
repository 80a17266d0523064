package io.inmesh.xds;

/**
 * A resource cannot be used; carries the field's path and the reason. Never leaves this package.
 */
final class RejectedException extends Exception {
  private static final long serialVersionUID = 1L;

  RejectedException(String path, String reason) {
    super(path.isEmpty() ? reason : path + ": " + reason, null, false, false);
  }
}
