package io.inmesh.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.inmesh.cli.terminal.Palette;
import io.inmesh.cli.terminal.TextTable;
import io.inmesh.cli.terminal.TextTable.Cell;
import io.inmesh.cli.terminal.Tone;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** What {@code route explain} shows: the verdict in one line, then the why. */
final class ExplainText {

  private static final int COLUMN = 13;

  private final ResourcePrinter printer;
  private final Palette palette;
  private final List<String> lines = new ArrayList<>();
  private List<String> manner = List.of();

  ExplainText(ResourcePrinter printer, Palette palette) {
    this.printer = printer;
    this.palette = palette;
  }

  List<String> lines(JsonNode answer) {
    for (JsonNode explanation : answer.path("explanations")) {
      if (!lines.isEmpty()) {
        lines.add("");
      }
      explain(explanation);
    }
    return lines;
  }

  private void explain(JsonNode answer) {
    lines.add(palette.paint(Tone.STRONG, answer.path("verdict").asText()));
    answer.path("notes").forEach(note -> lines.add("Note: " + note.asText()));
    lines.add("");
    client(answer.path("client"));
    host(answer.path("host"));
    if (!answer.path("rules").isEmpty()) {
      lines.add("");
      lines.add("Rules of VirtualService " + answer.path("host").path("virtualService").asText());
      answer.path("rules").forEach(this::rule);
    }
    route(answer);
    for (JsonNode destination : answer.path("destinations")) {
      lines.add("");
      destination(destination);
    }
    for (JsonNode mirror : answer.path("mirrors")) {
      lines.add("");
      lines.add(
          "Mirror to " + named(mirror) + ", " + percent(mirror.path("percent")) + " of the calls");
      missing(mirror);
      endpoints(mirror);
    }
  }

  /** A line with a word in front; further lines of the same have none. */
  private void line(String word, String text) {
    lines.add((word + " ".repeat(Math.max(1, COLUMN - word.length())) + text).stripTrailing());
  }

  private void client(JsonNode client) {
    List<String> parts = new ArrayList<>();
    if (!client.path("service").asText().isEmpty()) {
      parts.add(client.path("service").asText());
    }
    parts.add("namespace " + client.path("namespace").asText());
    if (!client.path("labels").isEmpty()) {
      parts.add("labels " + ResourceTables.pairs(client.path("labels")));
    }
    if (!client.path("instances").isEmpty()) {
      parts.add(texts(client.path("instances")));
    }
    line("Client", String.join("; ", parts));
  }

  private void host(JsonNode host) {
    String name = host.path("name").asText();
    if (name.isEmpty()) {
      line("Host", host.path("authority").asText());
      host.path("reasons").forEach(reason -> line("", reason.asText()));
      return;
    }
    String policy = host.path("virtualService").asText();
    line(
        "Host",
        name
            + ", port "
            + host.path("port").asText()
            + (policy.isEmpty() ? "; no VirtualService counts" : "; VirtualService " + policy));
    for (JsonNode other : host.path("otherVirtualServices")) {
      line("", "not " + other.path("name").asText() + ": " + other.path("reason").asText());
    }
  }

  // Rules

  private void rule(JsonNode rule) {
    String name = rule.path("name").asText();
    String title = rule.path("rule").asText() + (name.isEmpty() ? "" : " (" + name + ")");
    String result = rule.path("result").asText();
    String mark = result.equals("matched") ? "=> " : "   ";
    if (!rule.path("reason").asText().isEmpty()) {
      lines.add(mark + title + ": dropped, " + rule.path("reason").asText());
    } else if (rule.path("everyRequest").asBoolean()) {
      lines.add(
          mark
              + title
              + ": "
              + (result.equals("matched") ? "matches every request" : "not reached"));
    } else if (rule.path("matches").size() == 1) {
      lines.add(mark + title + ": " + match(rule.path("matches").get(0)));
    } else {
      lines.add(mark + title + ": " + (result.equals("matched") ? "matches" : "no match"));
      for (JsonNode match : rule.path("matches")) {
        String own = match.path("name").asText();
        lines.add(
            "     match["
                + match.path("match").asText()
                + "]"
                + (own.isEmpty() ? "" : " (" + own + ")")
                + ": "
                + match(match));
      }
    }
  }

  private static String match(JsonNode match) {
    return switch (match.path("result").asText()) {
      case "matched" ->
          "matches: "
              + items(match.path("conditions"))
                  .map(each -> each.path("field").asText() + " " + each.path("wanted").asText())
                  .collect(Collectors.joining(", "));
      case "mismatch" ->
          "no, "
              + items(match.path("conditions"))
                  .filter(each -> !each.path("holds").asBoolean())
                  .map(each -> condition(each, "the request"))
                  .collect(Collectors.joining("; "));
      case "notForClient" ->
          "not for this client, "
              + items(match.path("conditions"))
                  .map(
                      each ->
                          each.path("field").asText()
                              + ": "
                              + each.path("wanted").asText()
                              + ", here "
                              + texts(each.path("found")))
                  .collect(Collectors.joining("; "));
      default -> "not reached";
    };
  }

  private static String condition(JsonNode condition, String who) {
    String found =
        items(condition.path("found"))
            .map(each -> "\"" + each.asText() + "\"")
            .collect(Collectors.joining(" and "));
    return condition.path("field").asText()
        + ": "
        + condition.path("wanted").asText()
        + ", "
        + who
        + " has "
        + (found.isEmpty() ? "none" : found);
  }

  // Route

  private void route(JsonNode answer) {
    JsonNode route = answer.path("route");
    if (route.isMissingNode() || answer.path("outcome").asText().equals("refused")) {
      return;
    }
    lines.add("");
    fault(route.path("fault"));
    if (route.has("redirect")) {
      line(
          "Answer",
          route.path("redirect").path("status").asText()
              + ", location: "
              + route.path("redirect").path("location").asText());
    }
    if (route.has("directResponse")) {
      String body = route.path("directResponse").path("body").asText();
      line(
          "Answer",
          route.path("directResponse").path("status").asText()
              + (body.isEmpty() ? ", no body" : ", body \"" + body + "\""));
    }
    cors(route.path("cors"));
    if (route.has("timeout")) {
      line("Timeout", route.path("timeout").asText());
      retries(route.path("retries"));
    }
    if (route.has("hashesBy")) {
      line("Hashes by", texts(route.path("hashesBy")));
    }
    mutations("Response", route.path("changesResponse"));
    for (JsonNode own : route.path("changesResponseOf")) {
      mutations("Response", own);
      line("", "of " + own.path("cluster").asText());
    }
  }

  private void fault(JsonNode fault) {
    JsonNode delay = fault.path("delay");
    if (!delay.isMissingNode()) {
      line(
          "Fault",
          percent(delay.path("percent"))
              + " of the calls wait "
              + delay.path("fixedDelay").asText()
              + " first");
    }
    JsonNode abort = fault.path("abort");
    if (!abort.isMissingNode()) {
      String status =
          abort.has("grpcStatus")
              ? "gRPC status " + abort.path("grpcStatus").asText()
              : abort.path("httpStatus").asText();
      line("Fault", percent(abort.path("percent")) + " of the calls are answered with " + status);
    }
  }

  private void cors(JsonNode cors) {
    if (cors.isMissingNode()) {
      return;
    }
    line(
        "CORS",
        "origins "
            + texts(cors.path("allowOrigins"))
            + (cors.path("originAllowed").asBoolean()
                ? "; the request's is allowed"
                : "; the request has none of them"));
    for (JsonNode header : cors.path("preflightAnswer")) {
      line("", header.path("name").asText() + ": " + header.path("value").asText());
    }
  }

  private void retries(JsonNode retries) {
    int attempts = retries.path("attempts").asInt();
    if (!retries.has("retryOn")) {
      line("Retries", "none");
      return;
    }
    String perTry =
        retries.has("perTryTimeout")
            ? "; a try may take " + retries.path("perTryTimeout").asText()
            : "";
    line("Retries", attempts + ", on " + retryOn(retries) + perTry);
    line(
        "",
        "back-off from "
            + retries.path("backOffBase").asText()
            + " up to "
            + retries.path("backOffMax").asText()
            + (retries.path("avoidsPreviousHosts").asBoolean()
                ? "; another endpoint where there is one"
                : "; perhaps the same endpoint"));
    switch (retries.path("source").asText()) {
      case "istioDefault" -> line("", "Istio's default, as policy says nothing of retries");
      case "byMethod" ->
          line(
              "",
              "chosen by the method, as policy has a perTryTimeout and no retryOn (D4a, docs/policy.md)");
      default -> {
        // Policy's own words need no comment.
      }
    }
  }

  private static String retryOn(JsonNode retries) {
    String on = texts(retries.path("retryOn"));
    return retries.has("retriableStatusCodes")
        ? on + " (" + texts(retries.path("retriableStatusCodes")) + ")"
        : on;
  }

  private void mutations(String word, JsonNode changes) {
    String title = word;
    for (JsonNode name : changes.path("remove")) {
      line(title, "- " + name.asText());
      title = "";
    }
    for (String kind : List.of("set", "add")) {
      for (var each : changes.path(kind).properties()) {
        line(
            title,
            (kind.equals("set") ? "= " : "+ ") + each.getKey() + ": " + each.getValue().asText());
        title = "";
      }
    }
  }

  // Destinations

  private void destination(JsonNode destination) {
    lines.add(
        palette.paint(
            Tone.STRONG, percent(destination.path("percent")) + " to " + named(destination)));
    missing(destination);
    if (!destination.path("exists").asBoolean()) {
      return;
    }
    int begin = lines.size();
    manner(destination);
    List<String> own = List.copyOf(lines.subList(begin, lines.size()));
    if (own.equals(manner)) {
      lines.subList(begin, lines.size()).clear();
      line("  Otherwise", "as above");
    }
    manner = own;
    for (JsonNode priority : destination.path("priorities")) {
      line(
          "  Priority",
          priority.path("priority").asText()
              + " gets "
              + percent(priority.path("percent"))
              + (priority.path("panic").asBoolean() ? ", in panic: ejected endpoints too" : ""));
    }
    endpoints(destination);
  }

  /** What destinations often have in common. */
  private void manner(JsonNode destination) {
    sends(destination.path("sends"));
    if (destination.has("destinationRules")) {
      line("  Policy", "DestinationRule " + texts(destination.path("destinationRules")));
    }
    balancer(destination);
    JsonNode connection = destination.path("connection");
    List<String> connect = new ArrayList<>();
    connect.add("within " + connection.path("connectTimeout").asText());
    add(connect, "kept ", connection.path("idleTimeout"), " when idle");
    add(connect, "for ", connection.path("maxConnectionDuration"), " at most");
    add(connect, "", connection.path("maxRequestsPerConnection"), " requests each");
    line("  Connects", String.join(", ", connect));
    limits(destination);
    outlier(destination.path("outlierDetection"));
  }

  private void sends(JsonNode sends) {
    line(
        "  Sends",
        "path " + sends.path("path").asText() + ", host " + sends.path("authority").asText());
    List<String> replaced = new ArrayList<>();
    sends.path("addsHeaders").forEach(header -> replaced.add(header.path("name").asText()));
    for (JsonNode name : sends.path("removesHeaders")) {
      if (!replaced.contains(name.asText())) {
        line("", "- " + name.asText());
      }
    }
    for (JsonNode header : sends.path("addsHeaders")) {
      line("", "+ " + header.path("name").asText() + ": " + header.path("value").asText());
    }
  }

  private void missing(JsonNode destination) {
    if (!destination.path("exists").asBoolean()) {
      line(
          "  Missing",
          destination.path("missing").asText("the client's configuration has no such cluster"));
    }
  }

  private void balancer(JsonNode destination) {
    JsonNode balancer = destination.path("loadBalancer");
    String text = balancer.path("policy").asText();
    JsonNode warmup = balancer.path("warmup");
    if (!warmup.isMissingNode()) {
      text += ", new endpoints warm up for " + warmup.path("duration").asText();
    }
    line("  Balances", text);
    JsonNode key = destination.path("hashKey");
    if (key.has("endpoint")) {
      line(
          "",
          "the request's key "
              + key.path("hash").asText()
              + " leads to "
              + key.path("endpoint").asText());
    } else if (key.has("cookieMade")) {
      line("", "the request has no cookie " + key.path("cookieMade").asText() + ": it gets one");
    } else if (!key.isMissingNode() && !key.path("present").asBoolean()) {
      line("", "the request has no key: by chance");
    }
  }

  private void limits(JsonNode destination) {
    JsonNode limits = destination.path("limits");
    JsonNode used = destination.path("inUse");
    List<String> texts = new ArrayList<>();
    limit(texts, "connections", used.path("connections"), limits.path("maxConnections"));
    limit(texts, "waiting", used.path("waiting"), limits.path("maxPendingRequests"));
    limit(texts, "requests", used.path("requests"), limits.path("maxRequests"));
    if (limits.has("retryBudget")) {
      JsonNode budget = limits.path("retryBudget");
      texts.add(
          "retries "
              + (used.has("retries") ? used.path("retries").asText() + " of " : "")
              + percent(budget.path("percent"))
              + " of the requests, at least "
              + budget.path("minRetryConcurrency").asText());
    } else {
      limit(texts, "retries", used.path("retries"), limits.path("maxRetries"));
    }
    line("  Limits", texts.isEmpty() ? "none" : String.join(", ", texts));
  }

  private static void limit(List<String> texts, String what, JsonNode used, JsonNode limit) {
    if (!used.isMissingNode()) {
      texts.add(
          what
              + " "
              + used.asText()
              + (limit.isMissingNode() ? " (no limit)" : " of " + limit.asText()));
    } else if (!limit.isMissingNode()) {
      texts.add(what + " " + limit.asText());
    }
  }

  private void outlier(JsonNode outlier) {
    if (outlier.isMissingNode()) {
      line("  Ejects", "nobody: no outlierDetection");
      return;
    }
    List<String> after = new ArrayList<>();
    count(after, outlier.path("consecutive5xxErrors"), "5xx");
    count(after, outlier.path("consecutiveGatewayErrors"), "gateway errors");
    count(after, outlier.path("consecutiveLocalOriginFailures"), "local origin failures");
    line(
        "  Ejects",
        "after "
            + (after.isEmpty() ? "nothing" : String.join(", or ", after) + " in a row")
            + "; for "
            + outlier.path("baseEjectionTime").asText()
            + ", longer each time, until the next look, one every "
            + outlier.path("interval").asText());
    line(
        "",
        "at most "
            + percent(outlier.path("maxEjectionPercent"))
            + " of the endpoints"
            + (outlier.path("alwaysEjectOneHost").asBoolean()
                ? ", but one of two or more always"
                : ""));
  }

  private static void count(List<String> texts, JsonNode number, String what) {
    if (number.asInt() > 0) {
      texts.add(number.asText() + " " + what);
    }
  }

  private static void add(List<String> texts, String before, JsonNode value, String after) {
    if (!value.isMissingNode()) {
      texts.add(before + value.asText() + after);
    }
  }

  private void endpoints(JsonNode destination) {
    JsonNode endpoints = destination.path("endpoints");
    if (endpoints.isEmpty()) {
      if (destination.path("exists").asBoolean()
          && !destination.path("loadBalancer").path("policy").asText().equals("PASSTHROUGH")) {
        line("  Endpoints", "none");
      }
      return;
    }
    boolean live = endpoints.get(0).has("activeRequests");
    TextTable table =
        live
            ? new TextTable(
                "ENDPOINT",
                "HEALTH",
                "ACTIVE",
                "FAILED IN A ROW",
                "EJECTIONS",
                "WEIGHT",
                "PRIORITY",
                "LOCALITY",
                "LABELS",
                "SOURCE")
            : new TextTable(
                "ENDPOINT", "HEALTH", "WEIGHT", "PRIORITY", "LOCALITY", "LABELS", "SOURCE");
    for (JsonNode endpoint : endpoints) {
      table.row(row(endpoint, live));
    }
    printer.lines(table).forEach(line -> lines.add("  " + line));
  }

  private static List<Cell> row(JsonNode endpoint, boolean live) {
    List<Cell> row = new ArrayList<>();
    row.add(Cell.of(endpoint.path("address").asText() + ":" + endpoint.path("port").asText()));
    row.add(health(endpoint));
    if (live) {
      row.add(Cell.of(endpoint.path("activeRequests").asText()));
      row.add(Cell.of(failures(endpoint)));
      row.add(Cell.of(endpoint.path("ejections").asText()));
    }
    String warmUp =
        endpoint.has("warmUpPercent") ? " at " + percent(endpoint.path("warmUpPercent")) : "";
    row.add(Cell.of(endpoint.path("weight").asText() + warmUp));
    row.add(Cell.of(endpoint.path("priority").asText()));
    row.add(Cell.of(orDash(endpoint.path("locality").asText())));
    row.add(
        Cell.of(
            endpoint.path("labels").isEmpty()
                ? "-"
                : ResourceTables.pairs(endpoint.path("labels"))));
    row.add(Cell.of(orDash(endpoint.path("source").asText())));
    return row;
  }

  private static Cell health(JsonNode endpoint) {
    String health = endpoint.path("health").asText();
    return health.equals("ejected")
        ? new Cell("ejected, back in " + endpoint.path("ejectedFor").asText(), Tone.BAD)
        : new Cell(health, health.equals("healthy") ? Tone.GOOD : Tone.PLAIN);
  }

  private static String failures(JsonNode endpoint) {
    List<String> texts = new ArrayList<>();
    count(texts, endpoint.path("consecutive5xx"), "5xx");
    count(texts, endpoint.path("consecutiveGatewayErrors"), "gateway");
    count(texts, endpoint.path("consecutiveLocalOriginFailures"), "local");
    return orDash(String.join(", ", texts));
  }

  private static String named(JsonNode destination) {
    if (!destination.has("host")) {
      return destination.path("cluster").asText();
    }
    String subset = destination.path("subset").asText();
    String name = destination.path("host").asText() + ":" + destination.path("port").asText();
    if (subset.isEmpty()) {
      return name;
    }
    String labels =
        destination.path("labels").isEmpty()
            ? ""
            : " (" + ResourceTables.pairs(destination.path("labels")) + ")";
    return name + ", subset " + subset + labels;
  }

  private static String percent(JsonNode percent) {
    String text = String.format(Locale.ROOT, "%.1f", percent.asDouble());
    return (text.endsWith(".0") ? text.substring(0, text.length() - 2) : text) + " %";
  }

  private static String orDash(String text) {
    return text.isEmpty() ? "-" : text;
  }

  private static String texts(JsonNode list) {
    return items(list).map(JsonNode::asText).collect(Collectors.joining(", "));
  }

  private static Stream<JsonNode> items(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false);
  }
}
