package io.inmesh.policy.analysis;

import io.inmesh.policy.FaultInjection;
import io.inmesh.policy.HttpRoute;
import io.inmesh.policy.MessageCode;
import io.inmesh.policy.Retries;
import io.inmesh.policy.VirtualService;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The arithmetic of timeouts and attempts. */
final class RetryChecks {

  /** The conditions that an attempt meets when it takes too long: it is reset. */
  private static final Set<String> COVER_A_RESET = Set.of("5xx", "gateway-error", "reset");

  private final Report report;

  RetryChecks(Report report) {
    this.report = report;
  }

  void check(VirtualService service) {
    List<HttpRoute> http = service.http();
    for (int i = 0; i < http.size(); i++) {
      HttpRoute rule = http.get(i);
      if (rule.redirect() != null || rule.directResponse() != null) {
        continue;
      }
      String path = "spec.http[" + i + "]";
      Retries retries = rule.retries();
      if (retries != null && retries.attempts() > 0 && retries.perTryTimeout() != null) {
        perTryTimeout(retries, retries.perTryTimeout(), rule.timeout(), path + ".retries");
      }
      delay(rule.fault(), rule.timeout(), path + ".fault.delay.fixedDelay");
    }
  }

  private void perTryTimeout(
      Retries retries, Duration perTry, @Nullable Duration timeout, String path) {
    if (timeout != null && perTry.compareTo(timeout) >= 0) {
      report.add(
          MessageCode.PER_TRY_TIMEOUT_TOO_LONG,
          path + ".perTryTimeout",
          "no attempt can take " + shown(perTry) + ": the whole call ends after " + shown(timeout),
          "make it shorter than the timeout, or remove it");
      return;
    }
    List<String> retryOn = retries.retryOn();
    if (!retryOn.isEmpty() && retryOn.stream().noneMatch(COVER_A_RESET::contains)) {
      report.add(
          MessageCode.PER_TRY_TIMEOUT_FINAL,
          path + ".retryOn",
          "an attempt that takes longer than "
              + shown(perTry)
              + " is not tried again: retryOn names no condition that covers it, a status code does"
              + " not (as with Istio)",
          "add \"gateway-error\", \"reset\" or \"5xx\"");
      return;
    }
    if (timeout != null && perTry.multipliedBy(retries.attempts()).compareTo(timeout) >= 0) {
      long begun = Math.min(retries.attempts(), (timeout.toNanos() - 1) / perTry.toNanos()) + 1;
      report.add(
          MessageCode.RETRIES_BEYOND_TIMEOUT,
          path,
          "of "
              + (retries.attempts() + 1L)
              + " attempts of "
              + shown(perTry)
              + " only "
              + begun
              + " can begin before the timeout of "
              + shown(timeout),
          "lower attempts or perTryTimeout, or raise the timeout");
    }
    if (retryOn.isEmpty()) {
      report.add(
          MessageCode.PER_TRY_TIMEOUT_RETRIED,
          path + ".perTryTimeout",
          "without retryOn, an attempt that takes longer than "
              + shown(perTry)
              + " is tried again for GET, HEAD, OPTIONS, TRACE, PUT and DELETE, and final for other"
              + " methods; with Istio it is final for all of them",
          "write retryOn to have it one way for all methods, as \"reset,gateway-error\" or"
              + " \"connect-failure,refused-stream,unavailable,cancelled\"");
    }
  }

  private void delay(@Nullable FaultInjection fault, @Nullable Duration timeout, String path) {
    if (fault == null
        || fault.delay() == null
        || fault.delay().percent() == 0
        || timeout == null
        || fault.delay().fixedDelay().compareTo(timeout) < 0) {
      return;
    }
    report.add(
        MessageCode.DELAY_OUTSIDE_TIMEOUT,
        path,
        "an injected delay comes before the rule's timeout of "
            + shown(timeout)
            + " begins, and does not make it strike (as with Istio)",
        "to see a timeout strike, delay the calls in the service, or on the way to the service that"
            + " it calls");
  }

  /** As in policy: {@code 2.5s}, {@code 300ms}. */
  private static String shown(Duration duration) {
    long millis = duration.toMillis();
    if (millis % 1000 == 0) {
      return millis / 1000 + "s";
    }
    return millis < 1000 ? millis + "ms" : millis / 1000.0 + "s";
  }
}
