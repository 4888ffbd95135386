package dev.atll.bench.store;

import dev.atll.api.Options;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Turns settings given as text into calls of the setters of {@link Options.Builder}, by their names,
 * so that every option can be set from the command line the day it appears.
 *
 * <p>Whole numbers take the suffixes k, m, g (1024 each); durations are written like {@code 200ms},
 * {@code 30s}, {@code 5m} or in ISO form.
 */
public final class OptionSettings {
  private static final Map<String, Method> SETTERS = setters();

  private OptionSettings() {}

  /** The names that can be set, sorted. */
  public static List<String> names() {
    return List.copyOf(SETTERS.keySet());
  }

  /**
   * Applies settings to a builder.
   *
   * @param builder the builder to change
   * @param settings values by setter name
   * @throws IllegalArgumentException if a name is unknown or a value cannot be read
   * @throws dev.atll.api.AtllException if the builder refuses a value
   */
  public static void apply(Options.Builder builder, Map<String, String> settings) {
    settings.forEach((name, text) -> applyOne(builder, name, text));
  }

  /** The options in force by name, as text, in the order of {@link Options#describe()}. */
  public static Map<String, String> effective(Options options) {
    Map<String, String> values = new LinkedHashMap<>();
    options
        .describe()
        .lines()
        .forEach(
            line -> {
              int equals = line.indexOf(" = ");
              if (equals > 0) {
                values.put(line.substring(0, equals), line.substring(equals + 3));
              }
            });
    return values;
  }

  private static void applyOne(Options.Builder builder, String name, String text) {
    Method setter = SETTERS.get(name);
    if (setter == null) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "no option '%s'; there are %s",
              name, String.join(", ", names())));
    }
    Object value = parse(name, text.strip(), setter.getParameterTypes()[0]);
    try {
      setter.invoke(builder, value);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException refusal) {
        throw refusal;
      }
      throw new IllegalStateException(e);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, Method> setters() {
    Map<String, Method> found = new TreeMap<>();
    for (Method method : Options.Builder.class.getMethods()) {
      if (method.getReturnType() == Options.Builder.class
          && method.getParameterCount() == 1
          && isReadable(method.getParameterTypes()[0])) {
        found.put(method.getName(), method);
      }
    }
    return found;
  }

  private static boolean isReadable(Class<?> type) {
    return type == long.class
        || type == int.class
        || type == double.class
        || type == boolean.class
        || type == String.class
        || type == Duration.class
        || type.isEnum();
  }

  private static Object parse(String name, String text, Class<?> type) {
    try {
      if (type == long.class) {
        return parseLong(text);
      }
      if (type == int.class) {
        return toInt(parseLong(text));
      }
      if (type == double.class) {
        return finite(text);
      }
      if (type == boolean.class) {
        return parseBoolean(text);
      }
      if (type == Duration.class) {
        return parseDuration(text);
      }
      return type == String.class ? text : parseEnum(text, type);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "option %s: cannot read '%s' as %s%s",
              name, text, type.getSimpleName(), reason(e)),
          e);
    }
  }

  private static String reason(RuntimeException e) {
    @Nullable String message = e.getMessage();
    return message == null ? "" : " (" + message + ")";
  }

  /**
   * Reads a whole number with an optional suffix k, m or g, each 1024 times the last.
   *
   * @throws IllegalArgumentException if it is none, or beyond 64 bits; the message quotes it
   */
  public static long parseLong(String text) {
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
              Locale.ROOT,
              "'%s' is no whole number of 64 bits, such as 4096 or 32m",
              text), e);
    }
  }

  private static int toInt(long number) {
    if (number != (int) number) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "allowed %d to %d", Integer.MIN_VALUE, Integer.MAX_VALUE));
    }
    return (int) number;
  }

  private static double finite(String text) {
    double number = Double.parseDouble(text);
    if (!Double.isFinite(number)) {
      throw new IllegalArgumentException("a finite number is wanted");
    }
    return number;
  }

  private static boolean parseBoolean(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("true or false");
    };
  }

  private static Duration parseDuration(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    if (lower.startsWith("p")) {
      return Duration.parse(text);
    }
    int unitAt = 0;
    while (unitAt < lower.length() && Character.isDigit(lower.charAt(unitAt))) {
      unitAt++;
    }
    String unit = lower.substring(unitAt);
    if (unitAt == 0 || !List.of("ms", "s", "m", "h").contains(unit)) {
      throw new IllegalArgumentException("a number with ms, s, m or h");
    }
    long amount = parseLong(lower.substring(0, unitAt));
    try {
      return switch (unit) {
        case "ms" -> Duration.ofMillis(amount);
        case "s" -> Duration.ofSeconds(amount);
        case "m" -> Duration.ofMinutes(amount);
        default -> Duration.ofHours(amount);
      };
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("longer than any duration can be", e);
    }
  }

  private static Object parseEnum(String text, Class<?> type) {
    List<String> names = new ArrayList<>();
    for (Object constant : type.getEnumConstants()) {
      if (constant.toString().equalsIgnoreCase(text)) {
        return constant;
      }
      names.add(constant.toString());
    }
    throw new IllegalArgumentException("one of " + String.join(", ", names));
  }
}
