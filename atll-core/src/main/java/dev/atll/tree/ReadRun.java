package dev.atll.tree;

import dev.atll.base.Keys;
import dev.atll.base.Lookup;
import dev.atll.sstable.PartitionRange;
import dev.atll.sstable.TableReader;
import dev.atll.version.Run;
import org.jspecify.annotations.Nullable;

/** A run with its open table: what a lookup touches. Immutable. */
public final class ReadRun {
  private final Run run;
  private final TableReader table;
  private final PartitionRange partitions;
  private final byte[] low;
  private final byte @Nullable [] high;
  private final boolean coversSlot;

  /**
   * Joins a run and its table.
   *
   * @param slotLow first key that lookups of this run's slot may ask for
   * @param slotHigh first key that they no longer ask for; null for no bound
   */
  ReadRun(Run run, TableReader table, byte[] slotLow, byte @Nullable [] slotHigh) {
    this.run = run;
    this.table = table;
    this.low = run.low();
    this.high = run.high();
    this.partitions = table.rangeOf(low, high);
    this.coversSlot =
        Keys.compare(low, slotLow) <= 0
            && (high == null || (slotHigh != null && Keys.compare(slotHigh, high) <= 0));
  }

  /** The run. */
  public Run run() {
    return run;
  }

  /** Its table. */
  public TableReader table() {
    return table;
  }

  /** The partitions of the table that it can touch. */
  public PartitionRange partitions() {
    return partitions;
  }

  /** Asks the run; the answer stays UNKNOWN if it does not have the key. */
  void get(Lookup lookup) {
    if (coversSlot || contains(lookup)) {
      table.get(lookup, partitions);
    }
  }

  /** As {@link TableReader#prefetch}. */
  long prefetch(Lookup lookup, long last) {
    return coversSlot || contains(lookup)
        ? table.prefetch(lookup, partitions, last)
        : TableReader.NOWHERE;
  }

  /** Whether the run may hold the key, as far as bounds and filter tell. */
  boolean mayContain(Lookup lookup) {
    return contains(lookup) && table.mayContain(lookup);
  }

  /** Whether the key of the lookup lies within the bounds of the run. */
  boolean contains(Lookup lookup) {
    byte[] bound = high;
    return Keys.compare(low, 0, low.length, lookup.key, lookup.keyOffset, lookup.keyLength) <= 0
        && (bound == null
            || Keys.compare(
                    lookup.key, lookup.keyOffset, lookup.keyLength, bound, 0, bound.length)
                < 0);
  }
}
