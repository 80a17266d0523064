package io.inmesh.engine.route;

import io.inmesh.engine.model.CorsPolicy;
import io.inmesh.engine.model.StringMatcher;

/** Whose calls a CORS policy is about. */
public final class CorsRules {
  /** True if calls from this origin are allowed; a matcher that accepts {@code *} accepts all. */
  public static boolean allows(CorsPolicy policy, String origin) {
    for (StringMatcher allowed : policy.allowOrigins()) {
      if (Matching.matches(allowed, "*") || Matching.matches(allowed, origin)) {
        return true;
      }
    }
    return false;
  }

  private CorsRules() {}
}
