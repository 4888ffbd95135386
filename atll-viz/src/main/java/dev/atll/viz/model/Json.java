package dev.atll.viz.model;

import java.util.Locale;

/**
 * Writes compact JSON into one buffer. Numbers are rounded to the digits a picture needs, since most
 * of a frame is numbers; NaN and infinities become null. Not thread-safe.
 */
public final class Json {
  private static final String[] ESCAPES = new String[0x20];
  private static final long[] POWERS = {1, 10, 100, 1_000, 10_000, 100_000, 1_000_000};

  static {
    for (int c = 0; c < ESCAPES.length; c++) {
      ESCAPES[c] = String.format(Locale.ROOT, "\\u%04x", c);
    }
  }

  private final StringBuilder out = new StringBuilder(1024);
  private boolean comma;

  /** An empty buffer. */
  public Json() {}

  /**
   * Opens an object.
   *
   * @return this
   */
  public Json object() {
    return open('{');
  }

  /**
   * Closes an object.
   *
   * @return this
   */
  public Json endObject() {
    return close('}');
  }

  /**
   * Opens an array.
   *
   * @return this
   */
  public Json array() {
    return open('[');
  }

  /**
   * Closes an array.
   *
   * @return this
   */
  public Json endArray() {
    return close(']');
  }

  /**
   * Writes a member's name; its value must follow.
   *
   * @param name the name
   * @return this
   */
  public Json name(String name) {
    separate();
    quote(name);
    out.append(':');
    comma = false;
    return this;
  }

  /**
   * Writes a text.
   *
   * @param value the text
   * @return this
   */
  public Json value(String value) {
    separate();
    quote(value);
    return this;
  }

  /**
   * Writes a whole number.
   *
   * @param value the number
   * @return this
   */
  public Json value(long value) {
    separate();
    out.append(value);
    return this;
  }

  /**
   * Writes true or false.
   *
   * @param value the truth
   * @return this
   */
  public Json value(boolean value) {
    separate();
    out.append(value);
    return this;
  }

  /**
   * Writes a number with at most {@code digits} places after the point; a number that would lose
   * its leading digits that way keeps four significant ones instead.
   *
   * @param value the number; NaN and infinities become null
   * @param digits 0 to 6
   * @return this
   */
  public Json value(double value, int digits) {
    separate();
    if (!Double.isFinite(value)) {
      out.append("null");
      return this;
    }
    long power = POWERS[digits];
    double scaled = value * power;
    if (Math.abs(scaled) >= 1e15) {
      out.append(value);
      return this;
    }
    if (value != 0 && Math.abs(scaled) < 1) {
      out.append(Double.parseDouble(String.format(java.util.Locale.ROOT, "%.3e", value)));
      return this;
    }
    long rounded = Math.round(scaled);
    if (rounded < 0) {
      out.append('-');
      rounded = -rounded;
    }
    out.append(rounded / power);
    long rest = rounded % power;
    if (rest != 0) {
      out.append('.');
      for (long p = power / 10; p > 0 && rest > 0; p /= 10) {
        out.append((char) ('0' + rest / p));
        rest %= p;
      }
    }
    return this;
  }

  /**
   * Writes an array of whole numbers.
   *
   * @param values the numbers
   * @return this
   */
  public Json values(long... values) {
    array();
    for (long value : values) {
      value(value);
    }
    return endArray();
  }

  /**
   * How much has been written.
   *
   * @return characters
   */
  public int length() {
    return out.length();
  }

  /**
   * What has been written.
   *
   * @return JSON text, if all that was opened is closed
   */
  @Override
  public String toString() {
    return out.toString();
  }

  private Json open(char bracket) {
    separate();
    out.append(bracket);
    comma = false;
    return this;
  }

  private Json close(char bracket) {
    out.append(bracket);
    comma = true;
    return this;
  }

  private void separate() {
    if (comma) {
      out.append(',');
    }
    comma = true;
  }

  private void quote(String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x20) {
        out.append(ESCAPES[c]);
      } else if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c == '<' || c == '\u2028' || c == '\u2029') {
        // Harmless in JSON, but not in a page it might be pasted into.
        out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }
}
