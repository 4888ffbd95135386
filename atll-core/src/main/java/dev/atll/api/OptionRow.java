package dev.atll.api;

import dev.atll.base.Quantities;
import java.util.Locale;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One option: its name, what it may be, what it is otherwise, and what it says. Filled in by {@link
 * OptionTable} and not changed any more then.
 */
final class OptionRow<T extends Comparable<? super T>> {
  private final int index;
  private final String group;
  private final String name;
  private final OptionKind<T> kind;
  private @Nullable T low;
  private @Nullable T high;
  private @Nullable String zero;
  private @Nullable String named;
  private boolean powerOfTwo;
  private boolean bytes;
  private @Nullable T otherwise;
  private @Nullable String otherwiseText;
  private String doc = "";

  OptionRow(int index, String group, String name, OptionKind<T> kind) {
    this.index = index;
    this.group = group;
    this.name = name;
    this.kind = kind;
  }

  OptionRow<T> range(T least, T most) {
    low = least;
    high = most;
    return this;
  }

  OptionRow<T> from(T least) {
    low = least;
    return this;
  }

  OptionRow<T> bytes() {
    bytes = true;
    return this;
  }

  /** The kind's zero is allowed beside the range: what the option says is not done then. */
  OptionRow<T> off() {
    zero = "off";
    return this;
  }

  /** The kind's zero is allowed beside the range: the store finds a value then. */
  OptionRow<T> auto() {
    zero = "auto";
    return this;
  }

  OptionRow<T> powerOfTwo() {
    powerOfTwo = true;
    return this;
  }

  /** What is looked up when options are built. */
  OptionRow<T> named(String what) {
    named = what;
    return this;
  }

  OptionRow<T> otherwise(T value) {
    otherwise = value;
    return this;
  }

  /** A default that depends on the machine, and how. */
  OptionRow<T> otherwise(T value, String text) {
    otherwiseText = text;
    return otherwise(value);
  }

  OptionRow<T> says(String text) {
    doc = text;
    return this;
  }

  int index() {
    return index;
  }

  String group() {
    return group;
  }

  String name() {
    return name;
  }

  String doc() {
    return doc;
  }

  OptionKind<T> kind() {
    return kind;
  }

  @Nullable T low() {
    return low;
  }

  @Nullable T high() {
    return high;
  }

  T otherwise() {
    return Objects.requireNonNull(otherwise, name);
  }

  String otherwiseText() {
    String text = otherwiseText;
    return text != null ? text : zero != null && isZero(otherwise()) ? zero : show(otherwise());
  }

  /** The value of this row among those of all rows. */
  T of(Object[] values) {
    return kind.type().cast(values[index]);
  }

  /** The value among those of all rows, as {@link #read} reads it. */
  String textOf(Object[] values) {
    T value = of(values);
    return zero != null && isZero(value) ? zero : kind.text(value);
  }

  /** What is allowed, as messages and documents say it. */
  String allowed() {
    String range = range();
    String none = kind.zero() instanceof Number ? zero + " (0)" : zero;
    return zero == null ? range : none + ", or " + range;
  }

  private String range() {
    T least = low;
    T most = high;
    if (named != null) {
      return named;
    }
    if (least == null) {
      return kind.allowed();
    }
    if (most == null) {
      return "at least " + show(least);
    }
    if (zero != null && isZero(least)) {
      return "up to " + show(most);
    }
    return (powerOfTwo ? "a power of two, " : "") + show(least) + " to " + show(most);
  }

  private String show(T value) {
    return value instanceof Number number && kind.isWhole()
        ? bytes ? Quantities.bytes(number.longValue()) : Quantities.grouped(number.longValue())
        : kind.text(value);
  }

  /**
   * The value, if it is allowed.
   *
   * @throws InvalidInputException if it is not
   */
  T check(T value) {
    Objects.requireNonNull(value, name);
    if (!isAllowed(value)) {
      throw refused(kind.text(value), allowed(), null);
    }
    return value;
  }

  private boolean isAllowed(T value) {
    if (zero != null && isZero(value)) {
      return true;
    }
    T least = low;
    T most = high;
    return (least == null || value.compareTo(least) >= 0)
        && (most == null || value.compareTo(most) <= 0)
        && (!powerOfTwo || Long.bitCount(((Number) value).longValue()) == 1);
  }

  private boolean isZero(T value) {
    return value.equals(kind.zero());
  }

  /**
   * Reads text.
   *
   * @throws InvalidInputException if it is no value of this kind; the range is left to {@link #check}
   */
  T read(String text) {
    String bare = text.strip();
    T none = kind.zero();
    if (zero != null && none != null && bare.equalsIgnoreCase(zero)) {
      return none;
    }
    try {
      return kind.read(bare);
    } catch (IllegalArgumentException e) {
      throw refused(text, allowed() + "; " + e.getMessage(), e);
    }
  }

  InvalidInputException refused(Object value, String allowed, @Nullable Throwable cause) {
    return new InvalidInputException(
        String.format(Locale.ROOT, "option %s = %s is not allowed: %s", name, value, allowed), cause);
  }

  /** Calls back with the values just outside of the range, and why; none without a range. */
  void beyond(BiConsumer<T, String> each) {
    T least = low;
    T most = high;
    if (least != null) {
      each.accept(kind.before(least), "below the least");
    }
    if (most != null) {
      each.accept(kind.after(most), "above the most");
    }
  }
}
