package dev.atll.observe.event;

import java.util.Arrays;

/** An immutable list of {@code double} values that compares by content, for use inside events. */
public final class Doubles {
  private static final Doubles EMPTY = new Doubles(new double[0]);

  private final double[] values;

  private Doubles(double[] values) {
    this.values = values;
  }

  /**
   * The list without elements.
   *
   * @return the shared empty list
   */
  public static Doubles empty() {
    return EMPTY;
  }

  /**
   * A list of the given values.
   *
   * @param values copied, so later changes to the array do not show
   * @return the list
   */
  public static Doubles of(double... values) {
    return values.length == 0 ? EMPTY : new Doubles(values.clone());
  }

  /**
   * A list of the first {@code size} values of a larger buffer.
   *
   * @param buffer copied
   * @param size how many leading elements to take, 0 to {@code buffer.length}
   * @return the list
   */
  public static Doubles copyOf(double[] buffer, int size) {
    if (size < 0 || size > buffer.length) {
      throw new IndexOutOfBoundsException("size " + size + " of " + buffer.length);
    }
    return size == 0 ? EMPTY : new Doubles(Arrays.copyOf(buffer, size));
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
  public double get(int index) {
    return values[index];
  }

  /**
   * All values, for the caller to keep.
   *
   * @return a new array
   */
  public double[] toArray() {
    return values.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Doubles that && Arrays.equals(values, that.values);
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
