package io.inmesh.control.golden;

/**
 * Something in which a case differs from its recording.
 *
 * @param request index of the request; {@link #WHOLE_CASE} if the case did not get to its requests
 */
record Finding(int request, String text) {
  static final int WHOLE_CASE = -1;
}
