package dev.atll.api;

import dev.atll.base.Quantities;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What values of an option are: how they are read from text and written to it.
 *
 * @param name in documents
 * @param type of the values
 * @param zero what means off or auto where an option can be that; null if this kind has none
 * @param allowed what all values are
 * @param reader reads text; throws {@link IllegalArgumentException} with what is wrong
 * @param writer writes what the reader reads
 * @param step the nearest value in a direction, 1 or -1; the value itself if there is none
 */
record OptionKind<T extends Comparable<? super T>>(
    String name,
    Class<T> type,
    @Nullable T zero,
    String allowed,
    Function<String, T> reader,
    Function<T, String> writer,
    Step<T> step) {
  static final OptionKind<Long> LONG =
      new OptionKind<>(
          "whole number",
          Long.class,
          0L,
          "any whole number",
          Quantities::whole,
          String::valueOf,
          (v, to) -> v + to);

  static final OptionKind<Integer> INT =
      new OptionKind<>(
          "whole number",
          Integer.class,
          0,
          "any whole number of 32 bits",
          OptionKind::toInt,
          String::valueOf,
          (v, to) -> v + to);

  static final OptionKind<Double> DOUBLE =
      new OptionKind<>(
          "number",
          Double.class,
          0.0,
          "any finite number",
          OptionKind::finite,
          OptionKind::shortest,
          (v, to) -> to < 0 ? Math.nextDown(v) : Math.nextUp(v));

  static final OptionKind<Boolean> SWITCH =
      new OptionKind<>(
          "switch",
          Boolean.class,
          null,
          "true or false",
          OptionKind::truth,
          String::valueOf,
          (v, to) -> v);

  static final OptionKind<String> NAME =
      new OptionKind<>(
          "name",
          String.class,
          null,
          "any text",
          text -> text,
          text -> text,
          (v, to) -> v);

  static final OptionKind<Duration> DURATION =
      new OptionKind<>(
          "duration",
          Duration.class,
          Options.OFF,
          "any duration",
          Quantities::duration,
          Quantities::text,
          (v, to) -> v.plusNanos(to));

  /** The nearest value in a direction. */
  interface Step<T> {
    T from(T value, int to);
  }

  /** One of an enumeration, in lower case. */
  static <E extends Enum<E>> OptionKind<E> of(Class<E> type) {
    UnaryOperator<String> lower = text -> text.toLowerCase(Locale.ROOT);
    List<String> names = new ArrayList<>();
    for (E constant : type.getEnumConstants()) {
      names.add(lower.apply(constant.name()));
    }
    String last = names.getLast();
    String all = String.join(", ", names.subList(0, names.size() - 1)) + " or " + last;
    return new OptionKind<>(
        "word",
        type,
        null,
        all,
        text -> constant(type, text),
        constant -> lower.apply(constant.name()),
        (v, to) -> v);
  }

  T read(String text) {
    return reader.apply(text);
  }

  String text(T value) {
    return writer.apply(value);
  }

  boolean isWhole() {
    return type == Long.class || type == Integer.class;
  }

  T before(T value) {
    return step.from(value, -1);
  }

  T after(T value) {
    return step.from(value, 1);
  }

  private static <E extends Enum<E>> E constant(Class<E> type, String text) {
    for (E constant : type.getEnumConstants()) {
      if (constant.name().equalsIgnoreCase(text)) {
        return constant;
      }
    }
    throw new IllegalArgumentException("no such word");
  }

  private static Integer toInt(String text) {
    long number = Quantities.whole(text);
    if (number != (int) number) {
      throw new IllegalArgumentException("beyond 32 bits");
    }
    return (int) number;
  }

  private static Double finite(String text) {
    double number = Double.parseDouble(text);
    if (!Double.isFinite(number)) {
      throw new IllegalArgumentException("a finite number is wanted");
    }
    return number;
  }

  private static String shortest(Double number) {
    return number == Math.rint(number) && Math.abs(number) < 1e15
        ? String.valueOf(number.longValue())
        : String.valueOf(number);
  }

  private static Boolean truth(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("it is neither");
    };
  }
}
