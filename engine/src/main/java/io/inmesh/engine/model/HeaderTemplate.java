package io.inmesh.engine.model;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A header's value with Envoy's command operators in it: {@code %REQ(x-user)%}, {@code %RESP(x)%},
 * {@code %ROUTE_NAME%}; {@code %%} is a percent sign. Those that a client process can answer are
 * known, others are refused. Immutable, any thread.
 */
public final class HeaderTemplate {
  private static final Pattern COMMAND =
      Pattern.compile("%([A-Z0-9_]+)(?:\\(([^()%]*)\\))?(?::([0-9]{1,9}))?%");

  private final List<Part> parts;

  private HeaderTemplate(List<Part> parts) {
    this.parts = parts;
  }

  /**
   * Reads a template.
   *
   * @throws IllegalArgumentException says what in it is wrong or not supported
   */
  public static HeaderTemplate parse(String text) {
    List<Part> parts = new ArrayList<>();
    Matcher matcher = COMMAND.matcher(text);
    StringBuilder literal = new StringBuilder();
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (c != '%') {
        literal.append(c);
        i++;
      } else if (text.startsWith("%%", i)) {
        literal.append('%');
        i += 2;
      } else if (matcher.find(i) && matcher.start() == i) {
        flush(literal, parts);
        parts.add(command(matcher));
        i = matcher.end();
      } else {
        throw new IllegalArgumentException(
            "'" + text + "' has a % that begins no command at " + i + "; write %% for a percent");
      }
    }
    flush(literal, parts);
    return new HeaderTemplate(parts);
  }

  private static void flush(StringBuilder literal, List<Part> parts) {
    if (!literal.isEmpty()) {
      parts.add(new Literal(literal.toString()));
      literal.setLength(0);
    }
  }

  private static Part command(Matcher matcher) {
    String name = String.valueOf(matcher.group(1));
    String argument = matcher.group(2);
    int limit = matcher.group(3) == null ? -1 : Integer.parseInt(matcher.group(3));
    if (name.equals("REQ") || name.equals("RESP")) {
      if (argument == null || argument.isEmpty()) {
        throw new IllegalArgumentException("%" + name + "% needs a header's name in brackets");
      }
      int mark = argument.indexOf('?');
      String header = mark < 0 ? argument : argument.substring(0, mark);
      String other = mark < 0 ? null : argument.substring(mark + 1).toLowerCase(Locale.ROOT);
      return new Header(name.equals("RESP"), header.toLowerCase(Locale.ROOT), other, limit);
    }
    if (argument == null) {
      for (Fact fact : Fact.values()) {
        if (fact.name().equals(name)) {
          return new OfCall(fact, limit);
        }
      }
    }
    throw new IllegalArgumentException("'" + matcher.group() + "' is not supported");
  }

  /** The value; a command that has no answer writes nothing. */
  public String text(Facts facts) {
    if (parts.size() == 1 && parts.get(0) instanceof Literal literal) {
      return literal.text();
    }
    StringBuilder text = new StringBuilder();
    for (Part part : parts) {
      part.append(text, facts);
    }
    return text.toString();
  }

  /** The request's headers that the commands read, in lower case. */
  public Set<String> requestHeaders() {
    Set<String> names = new LinkedHashSet<>();
    for (Part part : parts) {
      if (part instanceof Header header && !header.ofResponse()) {
        names.add(header.name());
        if (header.alternative() != null) {
          names.add(header.alternative());
        }
      }
    }
    return names;
  }

  /** Where commands get their answers from; null is no answer. */
  public interface Facts {
    /** The first value of a header or pseudo header of the request. */
    @Nullable String request(String lowerCaseName);

    /** The first value of a header of the response; always null before there is one. */
    @Nullable String response(String lowerCaseName);

    @Nullable String fact(Fact fact);
  }

  /** Commands without an argument, by Envoy's names. */
  public enum Fact {
    PROTOCOL,
    ROUTE_NAME,
    UPSTREAM_CLUSTER,
    UPSTREAM_CLUSTER_RAW,
    UPSTREAM_HOST,
    UPSTREAM_REMOTE_ADDRESS,
    UPSTREAM_REMOTE_ADDRESS_WITHOUT_PORT,
    UPSTREAM_REMOTE_PORT,
    UPSTREAM_REQUEST_ATTEMPT_COUNT,
    DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT,
    DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT,
    RESPONSE_CODE,
    RESPONSE_CODE_DETAILS,
    RESPONSE_FLAGS
  }

  private sealed interface Part {
    void append(StringBuilder text, Facts facts);
  }

  private record Literal(String text) implements Part {
    @Override
    public void append(StringBuilder out, Facts facts) {
      out.append(text);
    }
  }

  private record Header(boolean ofResponse, String name, @Nullable String alternative, int limit)
      implements Part {
    @Override
    public void append(StringBuilder out, Facts facts) {
      String value = value(facts, name);
      if (value == null && alternative != null) {
        value = value(facts, alternative);
      }
      if (value != null) {
        out.append(cut(value, limit));
      }
    }

    private @Nullable String value(Facts facts, String of) {
      return ofResponse ? facts.response(of) : facts.request(of);
    }
  }

  private record OfCall(Fact fact, int limit) implements Part {
    @Override
    public void append(StringBuilder out, Facts facts) {
      String value = facts.fact(fact);
      if (value != null) {
        out.append(cut(value, limit));
      }
    }
  }

  private static String cut(String value, int limit) {
    return limit < 0 || value.length() <= limit ? value : value.substring(0, limit);
  }
}
