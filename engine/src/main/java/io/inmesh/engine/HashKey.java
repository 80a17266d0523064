package io.inmesh.engine;

import io.inmesh.engine.balance.XxHash64;
import io.inmesh.engine.model.HashPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What decides about a call in a hashing load balancer, as Envoy computes it.
 *
 * @param present false: nothing of what the policies name is there
 * @param cookie a Set-Cookie that brings the same key back; null: none
 */
record HashKey(boolean present, long value, @Nullable String cookie) {
  static final HashKey NONE = new HashKey(false, 0, null);

  /**
   * Goes through the policies.
   *
   * @param headers of the request that is sent
   * @param target path and query that are sent
   */
  static HashKey of(
      List<HashPolicy> policies,
      Function<String, List<String>> headers,
      String target,
      String sourceAddress,
      RandomGenerator random) {
    HashKey key = NONE;
    for (HashPolicy policy : policies) {
      String made = null;
      Long hash;
      if (policy instanceof HashPolicy.Header header) {
        hash = ofAll(headers.apply(header.name()));
      } else if (policy instanceof HashPolicy.Cookie cookie) {
        String value = cookie(headers.apply("cookie"), cookie.name());
        Duration ttl = cookie.ttl();
        if (value.isEmpty() && ttl != null) {
          value = String.format("%016x", random.nextLong());
          made = setCookie(cookie, ttl, value);
        }
        hash = ofText(value);
      } else if (policy instanceof HashPolicy.QueryParameter parameter) {
        String value = parameter(target, parameter.name());
        hash = value == null ? null : Long.valueOf(XxHash64.hash(value, 0));
      } else {
        hash = ofText(source(headers.apply("x-forwarded-for"), sourceAddress));
      }
      key = key.and(hash, made);
    }
    return key;
  }

  /** Rotated, so that the same value twice does not cancel itself out. */
  private HashKey and(@Nullable Long hash, @Nullable String made) {
    return hash == null
        ? this
        : new HashKey(true, Long.rotateLeft(value, 1) ^ hash, made == null ? cookie : made);
  }

  private static @Nullable Long ofText(String text) {
    return text.isEmpty() ? null : Long.valueOf(XxHash64.hash(text, 0));
  }

  /** The order of a header's values does not count. */
  private static @Nullable Long ofAll(List<String> values) {
    if (values.isEmpty()) {
      return null;
    }
    List<String> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    long hash = 0;
    for (String value : sorted) {
      hash = XxHash64.hash(value, hash);
    }
    return hash;
  }

  /** Empty if there is no such cookie. */
  private static String cookie(List<String> headers, String name) {
    for (String header : headers) {
      for (String part : header.split(";", -1)) {
        String pair = part.trim();
        int equals = pair.indexOf('=');
        if (equals == name.length() && pair.startsWith(name)) {
          String value = pair.substring(equals + 1);
          boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
          return quoted ? value.substring(1, value.length() - 1) : value;
        }
      }
    }
    return "";
  }

  private static String setCookie(HashPolicy.Cookie cookie, Duration ttl, String value) {
    StringBuilder text = new StringBuilder(cookie.name()).append("=\"").append(value).append('"');
    if (ttl.toSeconds() > 0) {
      text.append("; Max-Age=").append(ttl.toSeconds());
    }
    if (!cookie.path().isEmpty()) {
      text.append("; Path=").append(cookie.path());
    }
    cookie.attributes().forEach(attribute -> text.append("; ").append(attribute));
    return text.append("; HttpOnly").toString();
  }

  private static @Nullable String parameter(String target, String name) {
    int start = target.indexOf('?') + 1;
    while (start > 0 && start <= target.length()) {
      int end = target.indexOf('&', start);
      end = end < 0 ? target.length() : end;
      String pair = target.substring(start, end);
      int equals = pair.indexOf('=');
      if (name.equals(equals < 0 ? pair : pair.substring(0, equals))) {
        return equals < 0 ? "" : pair.substring(equals + 1);
      }
      start = end + 1;
    }
    return null;
  }

  /** The caller before us, where X-Forwarded-For names one, as Envoy believes it. */
  private static String source(List<String> forwardedFor, String own) {
    if (forwardedFor.isEmpty()) {
      return own;
    }
    String all = forwardedFor.get(forwardedFor.size() - 1);
    String last = all.substring(all.lastIndexOf(',') + 1).trim();
    for (int i = 0; i < last.length(); i++) {
      char c = last.charAt(i);
      if (Character.digit(c, 16) < 0 && c != '.' && c != ':') {
        return own;
      }
    }
    return last.isEmpty() ? own : last;
  }
}
