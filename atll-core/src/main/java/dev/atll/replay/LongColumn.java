package dev.atll.replay;

import dev.atll.observe.event.Longs;
import java.util.Arrays;
import java.util.Locale;

/** A growing column of numbers. */
final class LongColumn {
  private long[] values = new long[64];
  private int size;

  void add(long value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, 2 * size);
    }
    values[size++] = value;
  }

  int size() {
    return size;
  }

  void set(int index, long value) {
    values[index] = value;
  }

  Longs toLongs() {
    return Longs.copyOf(values, size);
  }

  /** Reads a column from its start. */
  static final class Reader {
    private final Longs column;
    private int at;

    Reader(Longs column) {
      this.column = column;
    }

    boolean hasNext() {
      return at < column.size();
    }

    /**
     * The next number.
     *
     * @throws IllegalArgumentException if there is none: the column is not what an encoder wrote
     */
    long next() {
      if (at >= column.size()) {
        throw new IllegalArgumentException("a column of a look ends after " + at + " numbers");
      }
      return column.get(at++);
    }

    /** The next number as a count or place. */
    int nextInt(int least, int most) {
      long value = next();
      if (value < least || value > most) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "number %d of a look's column is %d, not within %d to %d",
                at - 1, value, least, most));
      }
      return (int) value;
    }
  }
}
