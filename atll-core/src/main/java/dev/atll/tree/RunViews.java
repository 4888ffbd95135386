package dev.atll.tree;

import dev.atll.base.EntryCursor;
import dev.atll.base.Keys;
import dev.atll.sstable.TableReader;
import dev.atll.version.Burden;
import dev.atll.version.Guards;
import dev.atll.version.Run;
import dev.atll.version.RunFigures;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Makes runs that look at parts of a table. Writes no byte: only bounds and estimates. */
public final class RunViews {
  private final TableCache tables;
  private final LongSupplier ids;

  /** Estimates from these tables, takes run ids from this source. */
  public RunViews(TableCache tables, LongSupplier ids) {
    this.tables = tables;
    this.ids = ids;
  }

  /**
   * The part of a run inside [low, high), or null if it shows no entry there. The burden counted so
   * far is shared out by bytes.
   */
  public @Nullable Run clip(Run run, byte[] low, byte @Nullable [] high) {
    byte[] newLow = Keys.compare(low, run.low()) > 0 ? low : run.low();
    byte[] runHigh = run.high();
    byte[] newHigh;
    if (runHigh == null) {
      newHigh = high;
    } else {
      newHigh = high == null || Keys.compare(runHigh, high) < 0 ? runHigh : high;
    }
    if (newHigh != null && Keys.compare(newLow, newHigh) >= 0) {
      return null;
    }
    TableReader table = tables.get(run.fileNumber());
    if (!hasEntry(table, newLow, newHigh)) {
      return null;
    }
    long entries = Math.max(1, table.approximateEntries(newLow, newHigh));
    long bytes = Math.max(1, table.approximateBytes(newLow, newHigh));
    double share = run.bytes() == 0 ? 0 : Math.min(1.0, (double) bytes / run.bytes());
    return new Run(
        ids.getAsLong(),
        run.fileNumber(),
        newLow,
        newHigh,
        new RunFigures(
            run.minRevision(),
            run.maxRevision(),
            entries,
            table.approximateTombstones(newLow, newHigh),
            bytes,
            run.overwritePermille(),
            run.deletionsSinceMillis()),
        run.burden().scaled(share));
  }

  /** Whether a run shows an entry inside [low, high): exactly, since what shows none is dropped. */
  public boolean showsAny(Run run, byte[] low, byte @Nullable [] high) {
    byte[] from = Keys.compare(low, run.low()) > 0 ? low : run.low();
    byte[] runHigh = run.high();
    byte[] to = runHigh == null || (high != null && Keys.compare(high, runHigh) < 0) ? high : runHigh;
    return (to == null || Keys.compare(from, to) < 0)
        && hasEntry(tables.get(run.fileNumber()), from, to);
  }

  /** Estimated bytes that a run shows inside [low, high). */
  public long bytesWithin(Run run, byte[] low, byte @Nullable [] high) {
    byte[] from = Keys.compare(low, run.low()) > 0 ? low : run.low();
    byte[] runHigh = run.high();
    byte[] to =
        runHigh == null || (high != null && Keys.compare(high, runHigh) < 0) ? high : runHigh;
    return to == null || Keys.compare(from, to) < 0
        ? tables.get(run.fileNumber()).approximateBytes(from, to)
        : 0;
  }

  /** The parts of a run in each slot that guards cut, in key order; slots without entries left out. */
  public List<Run> cut(Run run, Guards guards) {
    List<Run> parts = new ArrayList<>();
    int last = guards.lastSlotBelow(run.high());
    for (int s = guards.slotOf(run.low()); s <= last; s++) {
      Run part = clip(run, guards.low(s), guards.high(s));
      if (part != null) {
        parts.add(part);
      }
    }
    return parts;
  }

  private static boolean hasEntry(TableReader table, byte[] low, byte @Nullable [] high) {
    // Estimates round; an entry that a view leaves out would be lost.
    try (EntryCursor cursor = table.cursor(low, high)) {
      return cursor.seekToFirst();
    }
  }

  /**
   * A run over a whole new table inside [low, high); null if it would show nothing.
   *
   * @param deletionsSinceMillis as {@link Run#deletionsSinceMillis}, taken if the table has deletions
   */
  public @Nullable Run create(
      long fileNumber,
      byte[] low,
      byte @Nullable [] high,
      long minRevision,
      long maxRevision,
      int overwritePermille,
      long deletionsSinceMillis,
      Burden burden) {
    TableReader table = tables.get(fileNumber);
    if (!hasEntry(table, low, high)) {
      return null;
    }
    long tombstones = table.approximateTombstones(low, high);
    return new Run(
        ids.getAsLong(),
        fileNumber,
        low,
        high,
        new RunFigures(
            minRevision,
            maxRevision,
            Math.max(1, table.approximateEntries(low, high)),
            tombstones,
            Math.max(1, table.approximateBytes(low, high)),
            overwritePermille,
            tombstones == 0 ? 0 : deletionsSinceMillis),
        burden);
  }
}
