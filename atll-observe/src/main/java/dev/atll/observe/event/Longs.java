package dev.atll.observe.event;

import java.util.Arrays;

/** An immutable list of {@code long} values that compares by content, for use inside events. */
public final class Longs {
  private static final Longs EMPTY = new Longs(new long[0]);

  private final long[] values;

  private Longs(long[] values) {
    this.values = values;
  }

  /**
   * The list without elements.
   *
   * @return the shared empty list
   */
  public static Longs empty() {
    return EMPTY;
  }

  /**
   * A list of the given values.
   *
   * @param values copied, so later changes to the array do not show
   * @return the list
   */
  public static Longs of(long... values) {
    return values.length == 0 ? EMPTY : new Longs(values.clone());
  }

  /**
   * A list of the first {@code size} values of a larger buffer.
   *
   * @param buffer copied
   * @param size how many leading elements to take, 0 to {@code buffer.length}
   * @return the list
   */
  public static Longs copyOf(long[] buffer, int size) {
    if (size < 0 || size > buffer.length) {
      throw new IndexOutOfBoundsException("size " + size + " of " + buffer.length);
    }
    return size == 0 ? EMPTY : new Longs(Arrays.copyOf(buffer, size));
  }

  /**
   * How many values there are.
   *
   * @return the count, at least 0
   */
  public int size() {
    return values.length;
  }

  /**
   * The value at a place.
   *
   * @param index from 0 to {@code size() - 1}
   * @return the value
   */
  public long get(int index) {
    return values[index];
  }

  /**
   * All values, for the caller to keep.
   *
   * @return a new array
   */
  public long[] toArray() {
    return values.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Longs that && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return Arrays.toString(values);
  }
}
