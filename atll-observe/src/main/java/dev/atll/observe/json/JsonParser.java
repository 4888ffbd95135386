package dev.atll.observe.json;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A strict parser of one line of JSON (RFC 8259) into maps, lists, strings, {@link Num}, booleans
 * and {@link Null}. Numbers stay text until somebody knows what they should be.
 */
final class JsonParser {
  /** A number as it was written. */
  record Num(String text) {}

  /** The JSON null. */
  enum Null {
    NULL
  }

  private static final int DEPTH_MAX = 8;

  private final String text;
  private int at;

  private JsonParser(String text) {
    this.text = text;
  }

  static Map<String, Object> parseObject(String line) throws TraceFormatException {
    JsonParser parser = new JsonParser(line);
    parser.expect('{');
    Map<String, Object> object = parser.object(0);
    parser.blank();
    if (parser.at < line.length()) {
      throw parser.wrong("text after the object");
    }
    return object;
  }

  // After the opening brace.
  private Map<String, Object> object(int depth) throws TraceFormatException {
    Map<String, Object> object = new LinkedHashMap<>();
    blank();
    if (accept('}')) {
      return object;
    }
    do {
      expect('"');
      String key = string();
      expect(':');
      if (object.put(key, value(depth + 1)) != null) {
        throw wrong("key \"" + key + "\" twice");
      }
      blank();
    } while (accept(','));
    expect('}');
    return object;
  }

  private List<Object> array(int depth) throws TraceFormatException {
    List<Object> array = new ArrayList<>();
    blank();
    if (accept(']')) {
      return array;
    }
    do {
      array.add(value(depth + 1));
      blank();
    } while (accept(','));
    expect(']');
    return array;
  }

  private Object value(int depth) throws TraceFormatException {
    if (depth > DEPTH_MAX) {
      throw wrong("nested deeper than " + DEPTH_MAX);
    }
    blank();
    char c = at < text.length() ? text.charAt(at) : '\0';
    return switch (c) {
      case '{' -> {
        at++;
        yield object(depth);
      }
      case '[' -> {
        at++;
        yield array(depth);
      }
      case '"' -> {
        at++;
        yield string();
      }
      case 't' -> word("true", true);
      case 'f' -> word("false", false);
      case 'n' -> word("null", Null.NULL);
      default -> number();
    };
  }

  private Object word(String word, Object value) throws TraceFormatException {
    if (!text.startsWith(word, at)) {
      throw wrong("expected " + word);
    }
    at += word.length();
    return value;
  }

  private Num number() throws TraceFormatException {
    int begin = at;
    accept('-');
    if (!accept('0')) {
      digits();
    }
    if (accept('.')) {
      digits();
    }
    if (accept('e') || accept('E')) {
      if (!accept('+')) {
        accept('-');
      }
      digits();
    }
    return new Num(text.substring(begin, at));
  }

  private void digits() throws TraceFormatException {
    int begin = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    if (at == begin) {
      throw wrong("expected a value");
    }
  }

  // After the opening quote.
  private String string() throws TraceFormatException {
    int begin = at;
    while (at < text.length() && text.charAt(at) != '"' && text.charAt(at) != '\\') {
      if (text.charAt(at) < ' ') {
        throw wrong("control character in a string");
      }
      at++;
    }
    if (accept('"')) {
      return text.substring(begin, at - 1);
    }
    // Our own writer never escapes, so a string with an escape is nothing we could know.
    throw wrong(at < text.length() ? "escape in a string" : "string without end");
  }

  private void blank() {
    while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
      at++;
    }
  }

  private boolean accept(char c) {
    if (at < text.length() && text.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }

  private void expect(char c) throws TraceFormatException {
    blank();
    if (!accept(c)) {
      throw wrong("expected '" + c + "'");
    }
  }

  private TraceFormatException wrong(String what) {
    String found = at < text.length() ? "'" + text.charAt(at) + "'" : "the end";
    return new TraceFormatException(what + " at column " + (at + 1) + ", found " + found);
  }
}
