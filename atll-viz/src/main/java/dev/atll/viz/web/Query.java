package dev.atll.viz.web;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The parameters of a request. */
final class Query {
  private static final int PARAMETERS_MAX = 8;

  private final Map<String, String> values;

  private Query(Map<String, String> values) {
    this.values = values;
  }

  /**
   * Reads the part of an address behind the question mark.
   *
   * @param raw as it came, percent signs and all; null for none
   * @throws BadRequestException if a parameter comes twice or there are too many; the message is
   *     for the client
   */
  static Query parse(@Nullable String raw) {
    Map<String, String> values = new HashMap<>();
    if (raw != null && !raw.isEmpty()) {
      String[] pairs = raw.split("&", -1);
      if (pairs.length > PARAMETERS_MAX) {
        throw new BadRequestException("more than " + PARAMETERS_MAX + " parameters");
      }
      for (String pair : pairs) {
        int at = pair.indexOf('=');
        String name = decoded(at < 0 ? pair : pair.substring(0, at));
        if (values.put(name, at < 0 ? "" : decoded(pair.substring(at + 1))) != null) {
          throw new BadRequestException("a parameter is given twice");
        }
      }
    }
    return new Query(values);
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new BadRequestException("the address is badly encoded");
    }
  }

  /** A parameter's text; null if it is not given. */
  @Nullable String text(String name) {
    return values.get(name);
  }

  /**
   * A parameter that is a whole number from 0.
   *
   * @throws BadRequestException if it is missing, no number or above the limit
   */
  long number(String name, long max) {
    String text = values.getOrDefault(name, "");
    try {
      long number = Long.parseLong(text);
      if (number >= 0 && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Falls through to the one message.
    }
    throw new BadRequestException(name + " must be a whole number from 0 to " + max);
  }
}
