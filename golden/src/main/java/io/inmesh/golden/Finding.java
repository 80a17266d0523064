package io.inmesh.golden;

/**
 * Something in which a case differs from its recording.
 *
 * @param request index of the request; {@link #WHOLE_CASE} if the case did not get to its requests
 */
public record Finding(int request, String text) {
  /** In {@link #request}: the case as a whole. */
  public static final int WHOLE_CASE = -1;

  /** That a case as a whole differs. */
  public static Finding whole(String text) {
    return new Finding(WHOLE_CASE, text);
  }
}
