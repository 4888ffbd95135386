package dev.atll.bench.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Numbers as people and reports want them. */
public final class Numbers {
  private static final MathContext FIVE = new MathContext(5);

  private Numbers() {}

  /** A number rounded to five digits; 0 for what is no finite number. */
  public static double digits(double number) {
    return Double.isFinite(number) ? new BigDecimal(number).round(FIVE).doubleValue() : 0;
  }

  /** A ratio; 0 when there is nothing to divide by. */
  public static double ratio(double dividend, double divisor) {
    return divisor == 0 ? 0 : dividend / divisor;
  }

  /** A ratio of counts; 0 when there is nothing to divide by. */
  public static double ratio(long dividend, long divisor) {
    return divisor == 0 ? 0 : (double) dividend / divisor;
  }

  /** A count in three or four digits and a suffix, such as {@code 1.23 M}. */
  public static String count(long number) {
    return count((double) number);
  }

  /** A count in three or four digits and a suffix, such as {@code 1.23 M}. */
  public static String count(double number) {
    double size = Math.abs(number);
    if (size >= 1e9) {
      return fixed(number / 1e9) + " G";
    }
    if (size >= 1e6) {
      return fixed(number / 1e6) + " M";
    }
    if (size >= 1e3) {
      return fixed(number / 1e3) + " k";
    }
    return size >= 100 || number == Math.rint(number)
        ? String.format(Locale.ROOT, "%.0f", number) : fixed(number);
  }

  /** A size, such as {@code 1.23 GiB}. */
  public static String bytes(double number) {
    String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
    int unit = 0;
    double rest = number;
    while (Math.abs(rest) >= 1024 && unit < units.length - 1) {
      rest /= 1024;
      unit++;
    }
    return (unit == 0 ? String.format(Locale.ROOT, "%.0f", rest) : fixed(rest)) + " " + units[unit];
  }

  /** A latency, such as {@code 850 ns}, {@code 12.3 µs} or {@code 1.23 s}. */
  public static String nanos(double nanos) {
    if (nanos < 1e3) {
      return String.format(Locale.ROOT, "%.0f ns", nanos);
    }
    if (nanos < 1e6) {
      return fixed(nanos / 1e3) + " µs";
    }
    return nanos < 1e9 ? fixed(nanos / 1e6) + " ms" : fixed(nanos / 1e9) + " s";
  }

  /** A text of at most so many characters; what is cut off is told by three dots. */
  public static String cut(String text, int charactersMax) {
    return text.length() <= charactersMax
        ? text
        : text.substring(0, Math.max(0, charactersMax - 3)) + "...";
  }

  /** A time, such as {@code 950 ms}, {@code 12.3 s} or {@code 3m05s}. */
  public static String seconds(double seconds) {
    if (seconds < 1) {
      return String.format(Locale.ROOT, "%.0f ms", seconds * 1e3);
    }
    if (seconds < 60) {
      return String.format(Locale.ROOT, "%.1f s", seconds);
    }
    long whole = Math.round(seconds);
    return whole < 3600
        ? String.format(Locale.ROOT, "%dm%02ds", whole / 60, whole % 60)
        : String.format(Locale.ROOT, "%dh%02dm", whole / 3600, whole % 3600 / 60);
  }

  /** A number as its user wrote it, such as {@code 2} or {@code 0.05}. */
  public static String plain(double number) {
    return new BigDecimal(Double.toString(number)).stripTrailingZeros().toPlainString();
  }

  /** Three digits or so, without an exponent. */
  public static String fixed(double number) {
    double size = Math.abs(number);
    int decimals = size >= 100 ? 0 : size >= 10 ? 1 : 2;
    return String.format(Locale.ROOT, "%." + decimals + "f", number);
  }
}
