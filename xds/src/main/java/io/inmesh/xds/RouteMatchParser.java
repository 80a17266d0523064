package io.inmesh.xds;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.inmesh.engine.model.HeaderMatcher;
import io.inmesh.engine.model.QueryParameterMatcher;
import io.inmesh.engine.model.RouteMatch;
import io.inmesh.engine.model.StringMatcher;
import io.inmesh.shaded.envoy.type.matcher.v3.RegexMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Envoy's RouteMatch and the matchers in it. */
final class RouteMatchParser {
  static RouteMatch parse(io.inmesh.shaded.envoy.config.route.v3.RouteMatch message, String path)
      throws RejectedException {
    FieldGuard.requireNothingLeft(
        message.toBuilder()
            .clearPrefix()
            .clearPath()
            .clearSafeRegex()
            .clearCaseSensitive()
            .clearHeaders()
            .clearQueryParameters()
            .build(),
        path);
    boolean ignoreCase = message.hasCaseSensitive() && !message.getCaseSensitive().getValue();
    StringMatcher pathMatcher =
        switch (message.getPathSpecifierCase()) {
          case PREFIX -> new StringMatcher.Prefix(message.getPrefix(), ignoreCase);
          case PATH -> new StringMatcher.Exact(message.getPath(), ignoreCase);
          // Envoy ignores case_sensitive for a regex: the pattern says itself what it means.
          case SAFE_REGEX ->
              new StringMatcher.Regex(pattern(message.getSafeRegex(), path + ".safe_regex"));
          default -> throw new RejectedException(path, "a prefix, path or safe_regex is needed");
        };
    List<HeaderMatcher> headers = new ArrayList<>();
    for (int i = 0; i < message.getHeadersCount(); i++) {
      headers.add(header(message.getHeaders(i), RouteParser.at(path, "headers", i)));
    }
    List<QueryParameterMatcher> parameters = new ArrayList<>();
    for (int i = 0; i < message.getQueryParametersCount(); i++) {
      parameters.add(
          parameter(message.getQueryParameters(i), RouteParser.at(path, "query_parameters", i)));
    }
    return new RouteMatch(pathMatcher, headers, parameters);
  }

  private static HeaderMatcher header(
      io.inmesh.shaded.envoy.config.route.v3.HeaderMatcher message, String path)
      throws RejectedException {
    FieldGuard.requireNothingLeft(
        message.toBuilder()
            .clearName()
            .clearStringMatch()
            .clearPresentMatch()
            .clearInvertMatch()
            .clearTreatMissingHeaderAsEmpty()
            .build(),
        path);
    if (message.getName().isEmpty()) {
      throw new RejectedException(path + ".name", "is empty");
    }
    boolean invert = message.getInvertMatch();
    boolean missingIsEmpty = message.getTreatMissingHeaderAsEmpty();
    StringMatcher value;
    if (message.hasStringMatch()) {
      value = string(message.getStringMatch(), path + ".string_match");
    } else {
      value = new StringMatcher.Present();
      invert ^= message.hasPresentMatch() && !message.getPresentMatch();
      if (missingIsEmpty) {
        throw new RejectedException(
            path + ".treat_missing_header_as_empty", "is only supported with string_match");
      }
    }
    String name = message.getName().toLowerCase(Locale.ROOT);
    return new HeaderMatcher(name, value, invert, missingIsEmpty);
  }

  private static QueryParameterMatcher parameter(
      io.inmesh.shaded.envoy.config.route.v3.QueryParameterMatcher message, String path)
      throws RejectedException {
    FieldGuard.requireNothingLeft(
        message.toBuilder().clearName().clearStringMatch().clearPresentMatch().build(), path);
    if (message.hasPresentMatch() && !message.getPresentMatch()) {
      throw new RejectedException(path + ".present_match", "false is not supported");
    }
    return new QueryParameterMatcher(
        message.getName(),
        message.hasStringMatch()
            ? string(message.getStringMatch(), path + ".string_match")
            : new StringMatcher.Present());
  }

  static StringMatcher string(
      io.inmesh.shaded.envoy.type.matcher.v3.StringMatcher message, String path)
      throws RejectedException {
    FieldGuard.requireNothingLeft(
        message.toBuilder().clearExact().clearPrefix().clearSafeRegex().clearIgnoreCase().build(),
        path);
    boolean ignoreCase = message.getIgnoreCase();
    return switch (message.getMatchPatternCase()) {
      case EXACT -> new StringMatcher.Exact(message.getExact(), ignoreCase);
      case PREFIX -> new StringMatcher.Prefix(message.getPrefix(), ignoreCase);
      case SAFE_REGEX ->
          new StringMatcher.Regex(pattern(message.getSafeRegex(), path + ".safe_regex"));
      default -> throw new RejectedException(path, "exact, prefix or safe_regex is needed");
    };
  }

  @SuppressWarnings("deprecation")
  static Pattern pattern(RegexMatcher message, String path) throws RejectedException {
    // google_re2 only names the engine, which is the only one there is.
    FieldGuard.requireNothingLeft(message.toBuilder().clearRegex().clearGoogleRe2().build(), path);
    try {
      return Pattern.compile(message.getRegex());
    } catch (PatternSyntaxException e) {
      throw new RejectedException(path + ".regex", String.valueOf(e.getMessage()));
    }
  }

  private RouteMatchParser() {}
}
