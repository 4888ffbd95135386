package dev.atll.sstable.filter;

import dev.atll.base.Keys;
import java.util.Arrays;

/**
 * Which filter each part of a table gets: one choice for each stretch of keys. A partition takes the
 * choice of the stretch in which it begins. Immutable.
 */
public final class FilterPlan {
  private final byte[][] lows;
  private final FilterChoice[] choices;

  private FilterPlan(byte[][] lows, FilterChoice[] choices) {
    this.lows = lows;
    this.choices = choices;
  }

  /** The same choice everywhere. */
  public static FilterPlan uniform(FilterChoice choice) {
    return new FilterPlan(new byte[][] {Keys.EMPTY}, new FilterChoice[] {choice});
  }

  /**
   * A choice for each stretch.
   *
   * @param lows where each stretch begins, ascending, at least one; not copied. Keys before the
   *     first have the choice of the first
   * @param choices as many; not copied
   */
  public static FilterPlan of(byte[][] lows, FilterChoice[] choices) {
    if (lows.length == 0 || lows.length != choices.length) {
      throw new IllegalArgumentException(lows.length + " stretches, " + choices.length + " choices");
    }
    return new FilterPlan(lows, choices);
  }

  /** The choice for a partition that begins with this key. */
  public FilterChoice at(byte[] firstKey) {
    int found = Arrays.binarySearch(lows, firstKey, Keys::compare);
    return choices[Math.max(0, found >= 0 ? found : -found - 2)];
  }
}
