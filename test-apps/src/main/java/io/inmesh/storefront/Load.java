package io.inmesh.storefront;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URL;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Visitors of the shop: calls a URL at a steady rate and prints, on standard output, what was seen
 * since the start, as a line of JSON per interval, or, with {@code --calls}, one at the end:
 *
 * <pre>{@code
 * {"millis":2000,"calls":400,"failed":0,"statuses":{"200":400},"versions":{"v1":361,"v2":39},"instances":{"orders-9081":361,...},"lastFailure":""}
 * }</pre>
 *
 * <p>Without an end, failed calls (an exception, or a status other than 200) are told on standard
 * error too, at most a line a second.
 *
 * <p>Arguments, or the environment: {@code --url http://orders:8080/}, {@code --rate 200} (calls
 * per second, of all threads; 0 = each thread calls again as soon as it has an answer), {@code
 * --threads 4}, {@code --interval-millis 1000}, {@code --calls N} (ends after that many; 0 = goes
 * on), {@code --header "end-user: jason"}, {@code --show NAME} (a header of the response that is
 * counted with the status), {@code --until-stdin-closes}. Ends with 1 when it made all its calls
 * and one failed.
 */
public final class Load {

  private static final Set<String> KNOWN =
      Set.of(
          "url",
          "rate",
          "threads",
          "interval-millis",
          "calls",
          "header",
          "show",
          "until-stdin-closes");
  private static final Pattern VERSION = Pattern.compile("\"version\":\"([^\"]*)\"");
  private static final Pattern INSTANCE = Pattern.compile("\"instance\":\"([^\"]*)\"");
  private static final int TIMEOUT_MILLIS = 5_000;
  private static final long NANOS_BETWEEN_REPORTS = 1_000_000_000L;

  private final String url;
  private final String header;
  private final String shown;
  private final long nanosBetweenCalls;
  private final boolean endless;
  private final long wanted;
  private final long start = System.nanoTime();
  private final AtomicLong tickets = new AtomicLong();
  private final AtomicLong nextReport = new AtomicLong(start);
  private final Tally tally = new Tally();

  private Load(AppSettings settings) {
    this.url = settings.text("url", "http://orders:8080/");
    this.header = settings.text("header", "");
    this.shown = settings.text("show", "");
    int rate = settings.number("rate", 200);
    this.nanosBetweenCalls = rate == 0 ? 0 : 1_000_000_000L / rate;
    int calls = settings.number("calls", 0);
    this.endless = calls == 0;
    this.wanted = endless ? Long.MAX_VALUE : calls;
  }

  public static void main(String[] args) throws InterruptedException {
    AppSettings settings = AppSettings.of(args, System.getenv(), KNOWN);
    if (settings.isSet("until-stdin-closes")) {
      StandardInput.endWithIt();
    }
    Load load = new Load(settings);
    load.run(settings.number("threads", 4), settings.number("interval-millis", 1_000));
    System.exit(load.tally.failed() == 0 ? 0 : 1);
  }

  private void run(int threads, int intervalMillis) throws InterruptedException {
    CountDownLatch calling = new CountDownLatch(threads);
    for (int i = 0; i < threads; i++) {
      new Thread(() -> callUntilDone(calling), "load-" + i).start();
    }
    while (!calling.await(intervalMillis, TimeUnit.MILLISECONDS)) {
      if (endless) {
        System.out.println(tally.json(start));
      }
    }
    System.out.println(tally.json(start));
  }

  /** Each call has its moment: a slow answer is followed by calls at once until it is made up. */
  private void callUntilDone(CountDownLatch calling) {
    try {
      for (long ticket = tickets.getAndIncrement();
          ticket < wanted;
          ticket = tickets.getAndIncrement()) {
        long due = start + ticket * nanosBetweenCalls;
        for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
          LockSupport.parkNanos(wait);
        }
        callOnce();
      }
    } finally {
      calling.countDown();
    }
  }

  private void callOnce() {
    try {
      HttpURLConnection call = (HttpURLConnection) new URL(url).openConnection();
      call.setConnectTimeout(TIMEOUT_MILLIS);
      call.setReadTimeout(TIMEOUT_MILLIS);
      int colon = header.indexOf(':');
      if (colon > 0) {
        call.setRequestProperty(header.substring(0, colon), header.substring(colon + 1).strip());
      }
      int status = call.getResponseCode();
      String detail = shown.isEmpty() ? null : call.getHeaderField(shown);
      String told = detail == null ? String.valueOf(status) : status + " " + detail;
      String body = HttpBodies.read(call);
      if (status == 200) {
        tally.served(told, first(VERSION, body), first(INSTANCE, body));
      } else {
        failed(told, status + " " + body.strip());
      }
    } catch (IOException e) {
      failed(e.getClass().getSimpleName(), e.toString());
    }
  }

  private void failed(String status, String reason) {
    tally.failed(status, reason);
    long now = System.nanoTime();
    long due = nextReport.get();
    if (endless && now - due >= 0 && nextReport.compareAndSet(due, now + NANOS_BETWEEN_REPORTS)) {
      System.err.println("failed: " + reason + " (failed so far: " + tally.failed() + ")");
    }
  }

  private static String first(Pattern pattern, String body) {
    Matcher matcher = pattern.matcher(body);
    return matcher.find() ? matcher.group(1) : "unknown";
  }
}
