package dev.atll.bench.memory;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The lines by which the command and an engine's process speak: a mark, then one JSON object. What
 * has no mark was said by somebody else, as native libraries and the JVM do on standard output.
 *
 * <p>A request has {@code do} and what that takes; each has one answer, with {@code error} if it
 * failed. Only {@code stop} has none, and may come while another request is carried out.
 */
final class Wire {
  static final String MARK = "@atll ";
  static final String DO = "do";
  static final String ERROR = "error";
  static final String STOP = "stop";

  private Wire() {}

  /** One message as a line, without its end. */
  static String line(Map<String, Object> message) {
    try {
      return MARK + JSON.std.asString(message);
    } catch (IOException e) {
      throw new IllegalArgumentException("no message: " + message, e);
    }
  }

  /** The message of a line; empty if it is none. */
  static Optional<Map<String, Object>> message(String line) {
    if (!line.startsWith(MARK)) {
      return Optional.empty();
    }
    try {
      return Optional.of(JSON.std.mapFrom(line.substring(MARK.length())));
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  /** A request. */
  static Map<String, Object> request(String what) {
    Map<String, Object> request = new LinkedHashMap<>();
    request.put(DO, what);
    return request;
  }

  /** A number of a message. */
  static long number(Map<String, Object> message, String name) {
    if (message.get(name) instanceof Number number) {
      return number.longValue();
    }
    throw new IllegalArgumentException("no number '" + name + "' in " + message);
  }

  /** A number of a message. */
  static double real(Map<String, Object> message, String name) {
    if (message.get(name) instanceof Number number) {
      return number.doubleValue();
    }
    throw new IllegalArgumentException("no number '" + name + "' in " + message);
  }

  /** A text of a message. */
  static String text(Map<String, Object> message, String name) {
    if (message.get(name) instanceof String text) {
      return text;
    }
    throw new IllegalArgumentException("no text '" + name + "' in " + message);
  }

  /** Whether a message says yes to something. */
  static boolean flag(Map<String, Object> message, String name) {
    return Boolean.TRUE.equals(message.get(name));
  }
}
