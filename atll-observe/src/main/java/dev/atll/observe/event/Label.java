package dev.atll.observe.event;

/**
 * A short name out of the engine's or an experiment's own vocabulary, such as a policy's name.
 *
 * <p>It is the only text an event may carry. The narrow alphabet keeps it from becoming a way to
 * smuggle keys, values, paths or messages into a recording.
 *
 * @param value 1 to 48 characters out of {@code A-Z a-z 0-9 . _ -}, starting with a letter or digit
 */
public record Label(String value) {
  /** The greatest number of characters in a label. */
  public static final int LENGTH_MAX = 48;

  /**
   * Checks the alphabet and the length.
   *
   * @throws IllegalArgumentException if the value is empty, too long or has a foreign character
   */
  public Label {
    if (value.isEmpty() || value.length() > LENGTH_MAX) {
      throw new IllegalArgumentException("label length " + value.length() + " not in 1..48");
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      boolean alphanumeric = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || isDigit(c);
      if (!alphanumeric && (i == 0 || (c != '.' && c != '_' && c != '-'))) {
        throw new IllegalArgumentException("label has a character outside [A-Za-z0-9._-] at " + i);
      }
    }
  }

  /**
   * Shorthand for the constructor.
   *
   * @param value the name
   * @return the label
   */
  public static Label of(String value) {
    return new Label(value);
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /** The name itself, without the record's usual dressing. */
  @Override
  public String toString() {
    return value;
  }
}
