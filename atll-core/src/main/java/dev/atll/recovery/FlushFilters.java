package dev.atll.recovery;

import dev.atll.sstable.filter.FilterPlan;
import dev.atll.tree.ReadState;

/** Says which filters a table gets that recovery writes. */
@FunctionalInterface
public interface FlushFilters {
  /**
   * Filters of a table for level 0.
   *
   * @param state the tree it will lie on
   * @param entries entries it will have, about
   */
  FilterPlan of(ReadState state, long entries);
}
