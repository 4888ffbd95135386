package dev.atll.wal;

import java.util.Locale;

/** Names of log files: twelve digits or more, then {@code .wal}. */
public final class WalFiles {
  private static final String SUFFIX = ".wal";

  /** A segment under construction; counts for nothing until it is renamed. */
  private static final String TEMPORARY_SUFFIX = ".wal.tmp";

  private static final int DIGITS_MIN = 12;
  private static final int DIGITS_MAX = 18; // fits a long

  private WalFiles() {}

  static String name(long number) {
    return digits(number) + SUFFIX;
  }

  static String temporaryName(long number) {
    return digits(number) + TEMPORARY_SUFFIX;
  }

  /** The number of a segment's name, or -1 for any other name. */
  public static long number(String name) {
    return numberBefore(name, SUFFIX);
  }

  /** The number of a temporary name, or -1 for any other name. */
  static long temporaryNumber(String name) {
    return numberBefore(name, TEMPORARY_SUFFIX);
  }

  private static long numberBefore(String name, String suffix) {
    int digits = name.length() - suffix.length();
    if (!name.endsWith(suffix) || digits < DIGITS_MIN || digits > DIGITS_MAX) {
      return -1;
    }
    long number = 0;
    for (int i = 0; i < digits; i++) {
      char c = name.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      number = number * 10 + (c - '0');
    }
    // One name per number, so that no second spelling shadows a segment.
    return number > 0 && name.equals(digits(number) + suffix) ? number : -1;
  }

  private static String digits(long number) {
    return String.format(Locale.ROOT, "%012d", number);
  }
}
