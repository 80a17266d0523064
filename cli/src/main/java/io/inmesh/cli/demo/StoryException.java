package io.inmesh.cli.demo;

/** The demo or the storefront cannot go on; the message says why. */
public final class StoryException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  StoryException(String message) {
    super(message);
  }

  StoryException(String message, Throwable cause) {
    super(message, cause);
  }
}
