package dev.atll.tree;

import dev.atll.base.Keys;
import dev.atll.base.Lookup;
import dev.atll.sstable.TableReader;
import dev.atll.version.Guards;
import dev.atll.version.Level;
import dev.atll.version.Run;
import dev.atll.version.Slot;
import dev.atll.version.Version;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A version with its tables open, laid out for lookups. Parts that did not change since the version
 * before are shared with its tree. Immutable.
 */
public final class ReadTree {
  /** No block. */
  public static final long NOWHERE = TableReader.NOWHERE;

  private final ReadRun[] levelZero;
  private final ReadLevel[] levels;
  // Levels that hold runs, so that a get does not look at empty ones.
  private final ReadLevel[] filled;
  private final TouchedSlots touched;

  private ReadTree(ReadRun[] levelZero, ReadLevel[] levels, TouchedSlots touched) {
    this.touched = touched;
    this.levelZero = levelZero;
    this.levels = levels;
    List<ReadLevel> some = new ArrayList<>();
    for (ReadLevel level : levels) {
      if (!level.empty) {
        some.add(level);
      }
    }
    this.filled = some.toArray(new ReadLevel[0]);
  }

  /**
   * Lays out a version.
   *
   * @param before the tree to share parts with, or null
   * @param tables gives open tables by number; every table of the version must be there
   */
  @SuppressWarnings("ReferenceEquality") // what an edit did not touch is the same object
  public static ReadTree of(Version version, @Nullable ReadTree before, TableCache tables) {
    IdentityHashMap<Run, ReadRun> openZero = new IdentityHashMap<>();
    if (before != null) {
      for (ReadRun r : before.levelZero) {
        openZero.put(r.run(), r);
      }
    }
    ReadRun[] zero = new ReadRun[version.levelZero().size()];
    for (int i = 0; i < zero.length; i++) {
      Run run = version.levelZero().get(i);
      ReadRun open = openZero.get(run);
      zero[i] = open != null ? open : new ReadRun(run, tables.get(run.fileNumber()), Keys.EMPTY, null);
    }
    TouchedSlots touched = before == null ? new TouchedSlots() : before.touched;
    ReadLevel[] levels = new ReadLevel[version.levelCount()];
    for (int i = 0; i < levels.length; i++) {
      Level level = version.level(i + 1);
      ReadLevel old = before == null ? null : before.levels[i];
      levels[i] = old != null && old.level == level ? old : open(i + 1, level, old, touched, tables);
    }
    return new ReadTree(zero, levels, touched);
  }

  @SuppressWarnings("ReferenceEquality") // what an edit did not touch is the same object
  private static ReadLevel open(
      int number,
      Level level,
      @Nullable ReadLevel old,
      TouchedSlots touched,
      TableCache tables) {
    if (old != null && old.guards == level.guards()) {
      // One copy of the array: lookups find a slot in one step, edits change a few of thousands.
      ReadSlot[] slots = old.slots.clone();
      level.forEachChangeFrom(
          old.level, s -> slots[s] = open(level, s, old.slots[s].heat, tables));
      return new ReadLevel(level, slots);
    }
    ReadSlot[] slots = new ReadSlot[level.slots().size()];
    int at = 0;
    for (int s = 0; s < slots.length; s++) {
      // A slot keeps its heat while its lower guard stands; a new right half starts cold.
      ReadSlot former = null;
      if (old != null) {
        int order = s == 0 ? 0 : -1;
        while (s > 0 && at < old.guards.size()) {
          order = order(old.guards.key(at), level.guards().key(s - 1));
          if (order >= 0) {
            break;
          }
          at++;
        }
        former = order != 0 ? null : old.slots[s == 0 ? 0 : at + 1];
      }
      if (former != null && former.slot == level.slots().get(s)) {
        slots[s] = former;
        continue;
      }
      SlotHeat heat =
          former != null ? former.heat : new SlotHeat(number, level.guards().low(s), touched);
      slots[s] = open(level, s, heat, tables);
    }
    return new ReadLevel(level, slots);
  }

  /** Guards that stay are the same arrays. */
  @SuppressWarnings("ReferenceEquality") // the same array is the same key, and comparing is slower
  private static int order(byte[] a, byte[] b) {
    return a == b ? 0 : Keys.compare(a, b);
  }

  private static ReadSlot open(Level level, int rank, SlotHeat heat, TableCache tables) {
    Slot slot = level.slots().get(rank);
    byte[] low = level.guards().low(rank);
    byte[] high = level.guards().high(rank);
    ReadRun[] runs = new ReadRun[slot.runs().size()];
    for (int r = 0; r < runs.length; r++) {
      Run run = slot.runs().get(r);
      runs[r] = new ReadRun(run, tables.get(run.fileNumber()), low, high);
    }
    return new ReadSlot(slot, runs, heat);
  }

  /** Open runs of level 0, newest first; not to be written to. */
  public ReadRun[] levelZero() {
    return levelZero;
  }

  /** Open levels, level 1 first; not to be written to. */
  public ReadLevel[] levels() {
    return levels;
  }

  /** Slots that were visited since somebody last asked; the same object in all versions of a tree. */
  public TouchedSlots touched() {
    return touched;
  }

  /** Asks level 0, then each level down, until an answer is found. */
  public void get(Lookup lookup) {
    for (ReadRun run : levelZero) {
      run.get(lookup);
      if (lookup.answer != Lookup.Answer.UNKNOWN) {
        return;
      }
    }
    for (ReadLevel level : filled) {
      Guards guards = level.guards;
      ReadSlot slot =
          level.slots[
              guards.slotOf(lookup.key, lookup.keyOffset, lookup.keyLength, lookup.head)];
      for (ReadRun run : slot.runs) {
        run.get(lookup);
        if (lookup.answer != Lookup.Answer.UNKNOWN) {
          return;
        }
      }
    }
  }

  /**
   * As {@link #get}, and counts what the trip cost to the boundaries it crossed.
   *
   * @param weight how many reads this one stands for
   * @param times takes what filters needed
   */
  public void getMeasured(Lookup lookup, long weight, ProbeTimes times) {
    MeasuredTrip trip = new MeasuredTrip(lookup, times); // one get in a sampling period allocates this
    search(lookup, trip);
    trip.charge(weight);
  }

  private void search(Lookup lookup, MeasuredTrip trip) {
    for (ReadRun run : levelZero) {
      if (run.contains(lookup)) {
        trip.visit(run);
        if (lookup.answer != Lookup.Answer.UNKNOWN) {
          return;
        }
      }
    }
    for (ReadLevel level : filled) {
      ReadSlot slot =
          level.slots[
              level.guards.slotOf(lookup.key, lookup.keyOffset, lookup.keyLength, lookup.head)];
      trip.enter(slot.heat);
      for (ReadRun run : slot.runs) {
        trip.visit(run);
        if (lookup.answer != Lookup.Answer.UNKNOWN) {
          return;
        }
      }
    }
  }

  /** Whether tables are read in place; true without any. While that changes, what the first one does. */
  public boolean isMapped() {
    if (levelZero.length > 0) {
      return levelZero[0].table().isMapped();
    }
    for (ReadLevel level : filled) {
      for (ReadSlot slot : level.slots) {
        if (slot.runs.length > 0) {
          return slot.runs[0].table().isMapped();
        }
      }
    }
    return true;
  }

  /**
   * Begins to read the block that the first run whose filter admits the key would look into.
   *
   * @param last the block that was asked for last, which is not asked for again, or {@link #NOWHERE}
   * @return the block; {@code last} if all filters deny the key
   */
  public long prefetch(Lookup lookup, long last) {
    for (ReadRun run : levelZero) {
      long place = run.prefetch(lookup, last);
      if (place != NOWHERE) {
        return place;
      }
    }
    for (ReadLevel level : filled) {
      ReadSlot slot =
          level.slots[
              level.guards.slotOf(lookup.key, lookup.keyOffset, lookup.keyLength, lookup.head)];
      for (ReadRun run : slot.runs) {
        long place = run.prefetch(lookup, last);
        if (place != NOWHERE) {
          return place;
        }
      }
    }
    return last;
  }

  /** Whether a run may hold the key of the lookup, as far as filters tell. */
  public boolean mayContain(Lookup lookup) {
    for (ReadRun run : levelZero) {
      if (run.mayContain(lookup)) {
        return true;
      }
    }
    for (ReadLevel level : filled) {
      ReadSlot slot =
          level.slots[
              level.guards.slotOf(lookup.key, lookup.keyOffset, lookup.keyLength, lookup.head)];
      for (ReadRun run : slot.runs) {
        if (run.mayContain(lookup)) {
          return true;
        }
      }
    }
    return false;
  }

  /** The finest guards of a level that holds runs, for cutting scans into segments. */
  public Guards scanGuards() {
    return filled.length == 0 ? Guards.NONE : filled[filled.length - 1].guards;
  }

  /** Collects the runs that may hold keys of a scan segment, newest first within each level. */
  public void collectRuns(byte[] low, byte @Nullable [] high, List<ReadRun> into) {
    for (ReadRun run : levelZero) {
      if (run.run().overlaps(low, high)) {
        into.add(run);
      }
    }
    for (ReadLevel level : filled) {
      int last = level.guards.lastSlotBelow(high);
      for (int s = level.guards.slotOf(low); s <= last; s++) {
        for (ReadRun run : level.slots[s].runs) {
          if (run.run().overlaps(low, high)) {
            into.add(run);
          }
        }
      }
    }
  }

  /** Counts a measured seek to the slots and run boundaries it met. */
  public void countSeek(byte[] key, List<ReadRun> positioned, long weight) {
    for (int i = 0; i + 1 < positioned.size(); i++) {
      positioned.get(i).run().burden().addSeeks(weight);
    }
    long head = Keys.head(key, 0, key.length);
    for (ReadLevel level : filled) {
      level.slots[level.guards.slotOf(key, 0, key.length, head)].heat.addSeeks(weight);
    }
  }
}
