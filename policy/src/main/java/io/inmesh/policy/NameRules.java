package io.inmesh.policy;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The rules for names, as Istio and Kubernetes have them. Each returns what is wrong and what to
 * do, or nothing.
 *
 * <p>The patterns here use no nested repetition: they take linear time on any input.
 */
final class NameRules {

  private static final Pattern DNS_LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
  private static final Pattern HOST_LABEL =
      Pattern.compile("[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?");
  private static final Pattern QUALIFIED_NAME =
      Pattern.compile("[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?");
  private static final Pattern HEADER_NAME = Pattern.compile(":?[-!#$%&'*+.^_`|~0-9A-Za-z]+");
  private static final Pattern CORS_HEADER_NAME = Pattern.compile("[-_A-Za-z0-9]+");
  private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
  private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]{2,45}");

  /** A resource's name: an RFC 1123 subdomain. */
  static Optional<String> resourceName(String name) {
    if (name.length() > 253) {
      return Optional.of("a name may have 253 characters, found " + name.length());
    }
    for (String part : name.split("\\.", -1)) {
      if (!DNS_LABEL.matcher(part).matches()) {
        return Optional.of(
            "the name "
                + Quoting.quote(name)
                + " is not allowed: lower-case letters, digits, \"-\" and \".\", each part beginning"
                + " and ending with a letter or digit"
                + suggestion(name, name));
      }
    }
    return Optional.empty();
  }

  /** A namespace: an RFC 1123 label. */
  static Optional<String> namespace(String name) {
    if (name.length() > 63) {
      return Optional.of("a namespace may have 63 characters, found " + name.length());
    }
    if (!DNS_LABEL.matcher(name).matches()) {
      return Optional.of(
          "the namespace "
              + Quoting.quote(name)
              + " is not allowed: lower-case letters, digits and \"-\", beginning and ending with a"
              + " letter or digit"
              + suggestion(name, name.replace('.', '-')));
    }
    return Optional.empty();
  }

  /** A subset's or port's name: a DNS label in any case. */
  static Optional<String> shortName(String what, String name) {
    if (name.length() > 63) {
      return Optional.of("a " + what + " may have 63 characters, found " + name.length());
    }
    if (!HOST_LABEL.matcher(name).matches()) {
      return Optional.of(
          "the "
              + what
              + " "
              + Quoting.quote(name)
              + " is not allowed: letters, digits and \"-\", beginning and ending with a letter or"
              + " digit");
    }
    return Optional.empty();
  }

  /** A label's key: {@code name} or {@code prefix.example.com/name}. */
  static Optional<String> labelKey(String key) {
    int slash = key.indexOf('/');
    String name = key.substring(slash + 1);
    boolean prefixFine = slash < 0 || resourceName(key.substring(0, slash)).isEmpty();
    if (!prefixFine || name.length() > 63 || !QUALIFIED_NAME.matcher(name).matches()) {
      return Optional.of(
          "the label key "
              + Quoting.quote(key)
              + " is not allowed: at most 63 letters, digits, \"-\", \"_\" and \".\", beginning and"
              + " ending with a letter or digit, after an optional DNS prefix and \"/\"");
    }
    return Optional.empty();
  }

  /** A label's value. */
  static Optional<String> labelValue(String value) {
    if (value.length() > 63 || (!value.isEmpty() && !QUALIFIED_NAME.matcher(value).matches())) {
      return Optional.of(
          "the label value "
              + Quoting.quote(value)
              + " is not allowed: at most 63 letters, digits, \"-\", \"_\" and \".\", beginning and"
              + " ending with a letter or digit");
    }
    return Optional.empty();
  }

  /** Reports on a label; for {@link Value#stringMap}. */
  static void checkLabel(String key, Value value) {
    labelKey(key).ifPresent(value::error);
    labelValue(value.text()).ifPresent(value::error);
  }

  /** An HTTP header's name, or a pseudo header's. */
  static Optional<String> headerName(String name) {
    if (!HEADER_NAME.matcher(name).matches()) {
      return Optional.of(
          Quoting.quote(name) + " is no header name; it may hold no space and no separator");
    }
    return Optional.empty();
  }

  /** Whether there is a character that would break a line of HTTP, or hide in it. */
  static boolean hasControl(String text) {
    return text.chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 0x7F);
  }

  /** A header's name in a CORS policy, as Istio has it. */
  static Optional<String> corsHeaderName(String name) {
    if (!CORS_HEADER_NAME.matcher(name).matches()) {
      return Optional.of(
          Quoting.quote(name) + " is no header name here: letters, digits, \"-\", \"_\", or \"*\"");
    }
    return Optional.empty();
  }

  /**
   * A host: a DNS name, short or full, with an optional wildcard as (the begin of) its first label.
   */
  static Optional<String> host(String host) {
    if (host.isEmpty()) {
      return Optional.of("the host is empty; name a service, as \"orders\"");
    }
    if (host.length() > 255) {
      return Optional.of("a host may have 255 characters, found " + host.length());
    }
    if (host.equals("*") || isIpAddress(host)) {
      return Optional.empty();
    }
    String[] labels = host.split("\\.", -1);
    int count = labels.length > 1 && labels[labels.length - 1].isEmpty() ? -1 : 0;
    for (int i = 0; i < labels.length + count; i++) {
      String label = labels[i];
      boolean wild = i == 0 && labels.length + count > 1 && label.startsWith("*");
      boolean fine =
          wild
              ? label.equals("*")
                  || hostLabel(label.startsWith("*-") ? label.substring(2) : label.substring(1))
              : hostLabel(label);
      if (!fine) {
        return Optional.of(hostMessage(host, label));
      }
    }
    String last = labels[labels.length + count - 1];
    if (last.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return Optional.of(
          "the host "
              + Quoting.quote(host)
              + " is neither a DNS name (its last part is a number) nor an IP address");
    }
    return Optional.empty();
  }

  private static boolean hostLabel(String label) {
    return label.length() <= 63 && HOST_LABEL.matcher(label).matches();
  }

  private static String hostMessage(String host, String label) {
    String remedy = "letters, digits and \"-\" between dots";
    if (host.contains("://")) {
      remedy = "leave the scheme (http://) and the path out";
    } else if (host.indexOf(':') >= 0) {
      remedy = "leave the port out: a route's destination has \"port: {number: 8080}\"";
    } else if (host.indexOf('*') >= 0) {
      remedy = "a wildcard may only be the first part, as in \"*.example.com\"";
    }
    return "the host "
        + Quoting.quote(host)
        + " is not a DNS name (at "
        + Quoting.quote(label)
        + "); "
        + remedy;
  }

  /** Whether the text is an IPv4 or IPv6 address, without brackets, zone and prefix length. */
  static boolean isIpAddress(String text) {
    if (IPV4.matcher(text).matches()) {
      for (String part : text.split("\\.", -1)) {
        if (Integer.parseInt(part) > 255 || (part.length() > 1 && part.startsWith("0"))) {
          return false;
        }
      }
      return true;
    }
    return text.indexOf(':') >= 0 && IPV6.matcher(text).matches() && isIpv6(text);
  }

  /** Eight groups of at most four hexadecimal digits, one run of zero groups written "::". */
  private static boolean isIpv6(String text) {
    int gap = text.indexOf("::");
    if (gap >= 0 && text.indexOf("::", gap + 1) >= 0) {
      return false;
    }
    if ((text.startsWith(":") && gap != 0) || (text.endsWith(":") && gap != text.length() - 2)) {
      return false;
    }
    int groups = 0;
    String[] parts = text.split(":", -1);
    for (int i = 0; i < parts.length; i++) {
      String part = parts[i];
      if (part.isEmpty()) {
        continue;
      }
      boolean last = i == parts.length - 1;
      if (last && part.indexOf('.') >= 0) {
        if (!IPV4.matcher(part).matches() || !isIpAddress(part)) {
          return false;
        }
        groups += 2;
      } else if (part.length() > 4 || part.indexOf('.') >= 0) {
        return false;
      } else {
        groups++;
      }
    }
    return gap >= 0 ? groups < 8 : groups == 8;
  }

  /** Whether the text is an address block: {@code 10.0.0.0/8}. */
  static boolean isCidr(String text) {
    int slash = text.indexOf('/');
    if (slash < 0 || !isIpAddress(text.substring(0, slash))) {
      return false;
    }
    String length = text.substring(slash + 1);
    int max = text.indexOf(':') >= 0 ? 128 : 32;
    return length.matches("[0-9]{1,3}") && Integer.parseInt(length) <= max;
  }

  private static String suggestion(String name, String base) {
    String better =
        base.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9.]", "-").replaceAll("^[-.]+|[-.]+$", "");
    return !better.equals(name) && resourceNameFits(better) ? "; try \"" + better + "\"" : "";
  }

  private static boolean resourceNameFits(String name) {
    return !name.isEmpty() && resourceName(name).isEmpty();
  }

  private NameRules() {}
}
