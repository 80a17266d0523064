package io.inmesh.control.explain;

import com.fasterxml.jackson.databind.JsonNode;
import io.inmesh.policy.Hosts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The answer in one line, for whoever reads no further. */
final class Verdict {
  private static final String SUFFIX = "." + Hosts.CLUSTER_DOMAIN;

  private final Caller caller;
  private final JsonNode answer;

  /**
   * @param answer all but its verdict
   */
  Verdict(Caller caller, JsonNode answer) {
    this.caller = caller;
    this.answer = answer;
  }

  String text() {
    String policy = policy();
    String by = policy.isEmpty() ? "" : ", by VirtualService " + policy;
    JsonNode route = answer.path("route");
    return switch (answer.path("outcome").asText()) {
      case "untouched" -> "untouched: " + reasons();
      case "refused" -> "502, refused: " + reasons();
      case "tooLarge" -> "431 (DPE): too many headers, or too large a head";
      case "pathRefused" -> "400: the path cannot be normalized";
      case "noVirtualHost" -> "404 (NR): no virtual host is for it";
      case "noRoute" -> "404 (NR): no rule matches" + by;
      case "redirect" ->
          route.path("redirect").path("status").asText()
              + " to "
              + route.path("redirect").path("location").asText()
              + by
              + rule()
              + fault();
      case "directResponse" ->
          route.path("directResponse").path("status").asText()
              + ", answered by the mesh"
              + by
              + rule()
              + fault();
      case "corsPreflight" -> "200, the answer to a CORS preflight" + by + rule() + fault();
      case "noDestination" -> "503 (NC): no destination has a weight" + by + rule() + fault();
      case "forward" ->
          destinations()
              + (by.isEmpty() ? ", as no VirtualService is about it" : by + rule())
              + fault();
      default -> answer.path("outcome").asText();
    };
  }

  /** Of the route that matched, as the engine has it; else what policy has. */
  private String policy() {
    String[] config = answer.path("route").path("config").asText().split("/", -1);
    // /apis/networking.istio.io/v1/namespaces/NAMESPACE/virtual-service/NAME
    return config.length == 8
        ? config[5] + "/" + config[7]
        : answer.path("host").path("virtualService").asText();
  }

  private String reasons() {
    List<String> reasons = new ArrayList<>();
    answer.path("host").path("reasons").forEach(reason -> reasons.add(reason.asText()));
    return String.join("; ", reasons);
  }

  private String rule() {
    JsonNode route = answer.path("route");
    String name = route.path("name").asText();
    return route.has("rule")
        ? " rule " + route.path("rule").asText() + (name.isEmpty() ? "" : " (" + name + ")")
        : "";
  }

  private String fault() {
    JsonNode fault = answer.path("route").path("fault");
    List<String> faults = new ArrayList<>();
    JsonNode delay = fault.path("delay");
    if (!delay.isMissingNode()) {
      faults.add(
          percent(delay.path("percent").asDouble())
              + " delayed by "
              + delay.path("fixedDelay").asText());
    }
    JsonNode abort = fault.path("abort");
    if (!abort.isMissingNode()) {
      String status =
          abort.has("httpStatus")
              ? abort.path("httpStatus").asText()
              : "gRPC status " + abort.path("grpcStatus").asText();
      faults.add(percent(abort.path("percent").asDouble()) + " aborted with " + status);
    }
    return faults.isEmpty() ? "" : "; fault injected before: " + String.join(", ", faults);
  }

  private String destinations() {
    List<JsonNode> used = new ArrayList<>();
    answer.path("destinations").forEach(each -> used.add(each));
    if (used.size() > 1) {
      used.removeIf(each -> each.path("weight").asInt() == 0);
    }
    used.sort(Comparator.comparingDouble(each -> -each.path("percent").asDouble()));
    StringBuilder text = new StringBuilder();
    String before = "";
    for (JsonNode each : used) {
      String name = name(each);
      String subset = each.path("subset").asText();
      if (!before.isEmpty()) {
        text.append(" or ");
      }
      // The host once is enough where its subsets follow one another.
      boolean same = name.equals(before) && !subset.isEmpty();
      text.append(same ? subset : subset.isEmpty() ? name : name + " subset " + subset);
      text.append(remarks(each, used.size() > 1));
      before = name;
    }
    return text.toString();
  }

  private String name(JsonNode each) {
    String name = host(each.path("host").asText(each.path("cluster").asText()));
    boolean called = each.path("port").asInt() == answer.path("host").path("port").asInt();
    return called ? name : name + ":" + each.path("port").asText();
  }

  private static String remarks(JsonNode each, boolean oneOfSeveral) {
    List<String> remarks = new ArrayList<>();
    if (oneOfSeveral) {
      remarks.add(percent(each.path("percent").asDouble()));
    }
    if (!each.path("exists").asBoolean()) {
      remarks.add("503 NC: " + each.path("missing").asText("there is no such cluster"));
    } else if (!each.path("loadBalancer").path("policy").asText().equals("PASSTHROUGH")) {
      health(each, remarks);
    }
    return remarks.isEmpty() ? "" : " (" + String.join(", ", remarks) + ")";
  }

  private static void health(JsonNode destination, List<String> remarks) {
    JsonNode endpoints = destination.path("endpoints");
    int ejected = 0;
    for (JsonNode endpoint : endpoints) {
      ejected += endpoint.path("health").asText().equals("ejected") ? 1 : 0;
    }
    if (endpoints.isEmpty()) {
      remarks.add("503 UH: it has no endpoints");
    } else if (ejected > 0) {
      boolean panic = false;
      for (JsonNode priority : destination.path("priorities")) {
        panic |= priority.path("panic").asBoolean();
      }
      boolean nobody = ejected == endpoints.size() && !panic;
      String share = ejected + " of " + endpoints.size() + " endpoints ejected";
      remarks.add(nobody ? "503 UH: " + share : share);
    }
  }

  /** {@code orders}, {@code orders.shop}, or the whole name of what is no service of the mesh. */
  private String host(String host) {
    if (!host.endsWith(SUFFIX)) {
      return host;
    }
    String name = host.substring(0, host.length() - SUFFIX.length());
    String own = "." + caller.namespace();
    return name.endsWith(own) ? name.substring(0, name.length() - own.length()) : name;
  }

  static String percent(double percent) {
    String text = String.format(Locale.ROOT, "%.1f", percent);
    return (text.endsWith(".0") ? text.substring(0, text.length() - 2) : text) + " %";
  }
}
