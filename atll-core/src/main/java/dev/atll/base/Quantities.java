package dev.atll.base;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Numbers and durations as people write them. Pure. */
public final class Quantities {
  private static final String[] BYTES = {"bytes", "KiB", "MiB", "GiB", "TiB", "PiB"};

  private Quantities() {}

  /**
   * Reads a whole number with an optional suffix k, m or g, each 1024 times the last.
   *
   * @throws IllegalArgumentException if it is none, or beyond 64 bits; the message quotes it
   */
  public static long whole(String text) {
    String digits = text.replace("_", "").toLowerCase(Locale.ROOT);
    int shift =
        switch (digits.isEmpty() ? ' ' : digits.charAt(digits.length() - 1)) {
          case 'k' -> 10;
          case 'm' -> 20;
          case 'g' -> 30;
          default -> 0;
        };
    try {
      long number = Long.parseLong(shift == 0 ? digits : digits.substring(0, digits.length() - 1));
      return Math.multiplyExact(number, 1L << shift);
    } catch (NumberFormatException | ArithmeticException e) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "'%s' is no whole number of 64 bits, such as 4096 or 32m", text),
          e);
    }
  }

  /**
   * Reads a duration: a whole number with ms, s, m, h or d, or ISO form.
   *
   * @throws IllegalArgumentException if it is none, or longer than any can be
   */
  public static Duration duration(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    int unitAt = 0;
    while (unitAt < lower.length() && Character.isDigit(lower.charAt(unitAt))) {
      unitAt++;
    }
    String unit = lower.substring(unitAt);
    try {
      if (lower.startsWith("p") || lower.startsWith("-p")) {
        return Duration.parse(text);
      }
      if (unitAt == 0 || !List.of("ms", "s", "m", "h", "d").contains(unit)) {
        throw new IllegalArgumentException(
            String.format(Locale.ROOT, "'%s' is no number with ms, s, m, h or d", text));
      }
      long amount = whole(lower.substring(0, unitAt));
      return switch (unit) {
        case "ms" -> Duration.ofMillis(amount);
        case "s" -> Duration.ofSeconds(amount);
        case "m" -> Duration.ofMinutes(amount);
        case "h" -> Duration.ofHours(amount);
        default -> Duration.ofDays(amount);
      };
    } catch (ArithmeticException | java.time.format.DateTimeParseException e) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "'%s' is no duration, or longer than any can be", text), e);
    }
  }

  /** A duration as {@link #duration} reads it, in the largest unit that it is a multiple of. */
  public static String text(Duration duration) {
    long seconds = duration.getSeconds();
    if (duration.isZero()) {
      return "0";
    }
    if (duration.isNegative() || duration.getNano() % 1_000_000 != 0) {
      return duration.toString();
    }
    if (duration.getNano() != 0) {
      return seconds > 1_000_000 ? duration.toString() : duration.toMillis() + "ms";
    }
    if (seconds % 86_400 == 0) {
      return seconds / 86_400 + "d";
    }
    if (seconds % 3600 == 0) {
      return seconds / 3600 + "h";
    }
    return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
  }

  /** A number of bytes in the largest unit that it is a multiple of, such as {@code 16 KiB}. */
  public static String bytes(long number) {
    int unit = 0;
    long left = number;
    while (left != 0 && left % 1024 == 0 && unit < BYTES.length - 1) {
      left /= 1024;
      unit++;
    }
    String word = unit == 0 && left == 1 ? "byte" : BYTES[unit];
    return grouped(left) + " " + word;
  }

  /** A number with its digits in groups of three; a large power of two as {@code 2^40}. */
  public static String grouped(long number) {
    return number >= 1L << 32 && Long.bitCount(number) == 1
        ? "2^" + Long.numberOfTrailingZeros(number)
        : String.format(Locale.ROOT, "%,d", number);
  }
}
