package io.inmesh.benchmarks.harness;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A control server of the benchmark's own, with an empty store, on a free loopback port. */
public final class ControlServer implements AutoCloseable {

  private static final Pattern URL = Pattern.compile("http://[0-9.]+:[0-9]+");

  private final ForkedJvm jvm;
  private final String url;
  private final HttpClient client = HttpClient.newHttpClient();

  /** Starts it and waits until it listens. */
  public static ControlServer start(Project project) {
    ForkedJvm jvm =
        ForkedJvm.start(
            project,
            "control-server",
            List.of(
                "-jar",
                project.controlServerJar().toString(),
                "server",
                "--listen",
                "127.0.0.1:0",
                "--data",
                project.fresh("control-server").toString()));
    String line = jvm.awaitLine("inmesh control server");
    Matcher url = URL.matcher(line);
    if (!url.find()) {
      jvm.close();
      throw new IllegalStateException("the control server did not tell its address: " + line);
    }
    return new ControlServer(jvm, url.group());
  }

  private ControlServer(ForkedJvm jvm, String url) {
    this.jvm = jvm;
    this.url = url;
  }

  public String url() {
    return url;
  }

  /**
   * Server-side apply of one resource in namespace {@code default}; returns once it is
   * acknowledged.
   *
   * @param plural such as {@code virtualservices}
   * @throws IllegalStateException where the control server refuses it
   */
  public void apply(String plural, String name, String yaml) {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create(
                    url + "/apis/networking.istio.io/v1/namespaces/default/" + plural + "/" + name))
            .header("Content-Type", "application/apply-patch+yaml")
            .method("PATCH", BodyPublishers.ofString(yaml))
            .build();
    try {
      HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
      if (response.statusCode() / 100 != 2) {
        throw new IllegalStateException(
            "apply of " + name + ": " + response.statusCode() + " " + response.body());
      }
    } catch (IOException e) {
      throw new IllegalStateException("apply of " + name + " got no answer from " + url, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted during apply of " + name, e);
    }
  }

  @Override
  public void close() {
    jvm.close();
  }
}
