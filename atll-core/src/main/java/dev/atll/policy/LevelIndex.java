package dev.atll.policy;

import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * The slots of one level of a {@link TreeIndex}: by rank what rules ask of many slots, and which of them
 * may be worth a closer look. What is in flat arrays is moved or multiplied for all slots at once; all else
 * changes with the slot.
 */
final class LevelIndex extends SlotList {
  // A block of slots whose greatest ratio of bytes freed is known.
  static final int BLOCK_BITS = 6;

  /** What stays with a slot whatever its rank. */
  static final class Entry {
    long slotId;
    boolean leased;
    boolean splittable = true;
    RunList runs = RunList.EMPTY;
    // By run: when its oldest deletion was flushed, 0 for none, and its newest revision.
    long[] deletionsSince = {};
    long[] maxRevisions = {};
    // Whether the facts of a run change with time: it has deletions that age, or is retained.
    boolean ages;
    // Of live and stored bytes, in the unit of SpaceRules.
    long live;
    long stored;
    // Of the look in which they were made.
    @Nullable SlotFacts facts;
    long factsLook;
  }

  final TreeIndex tree;
  final int level;
  int size;
  Entry[] entries = {};
  double[] gets = {};
  double[] seeks = {};
  double[] writes = {};
  long[] bytes = {};
  int[] runs = {};
  // Bytes and runs of all deeper levels in the range of each slot.
  long[] below = {};
  int[] runsBelow = {};
  // The greatest share of moved bytes that a merge with what is older frees; and by block.
  double[] freed = {};
  double[] freedMost = {};
  // Where the children of each slot begin, and in which slot of the level above it lies.
  int[] starts = {};
  int[] parents = {};
  // Slots that are the first below another one.
  BitSet firsts = new BitSet();
  long bytesSum;
  long belowSum;
  int runsSum;
  int leases;

  /** Slots that changed in this look, or lie right above one that did. */
  final BitSet changed = new BitSet();

  /** Those that hold other runs, are leased or let go, or lie anywhere above one that does. */
  final BitSet settling = new BitSet();

  // Whether anything was ever counted: the heat of most levels of a small tree is nothing.
  boolean warm;

  /** Slots with a table of which much is dead; with many deletions; that may be joined to the next. */
  final BitSet dead = new BitSet();

  final BitSet deleted = new BitSet();
  final BitSet joinable = new BitSet();

  /** Slots that may have reached their share, and what that was figured with. */
  final BitSet full = new BitSet();

  long fullBelowSum = -1;
  int fullSlots;

  /** Slots that the policy in force wants to see at each look; it keeps them itself. */
  final BitSet attention = new BitSet();

  LevelIndex(TreeIndex tree, int level) {
    this.tree = tree;
    this.level = level;
  }

  /** Other slots; those that stay are named by their former rank, others by -1. */
  void reshape(int[] from) {
    int slots = from.length;
    int[] to = new int[size];
    Arrays.fill(to, -1);
    Entry[] nextEntries = new Entry[slots];
    double[] nextGets = new double[slots];
    double[] nextSeeks = new double[slots];
    double[] nextWrites = new double[slots];
    long[] nextBytes = new long[slots];
    int[] nextRuns = new int[slots];
    double[] nextFreed = new double[slots];
    for (int s = 0; s < slots; s++) {
      int old = from[s];
      if (old < 0) {
        nextEntries[s] = new Entry();
        continue;
      }
      to[old] = s;
      nextEntries[s] = entries[old];
      nextGets[s] = gets[old];
      nextSeeks[s] = seeks[old];
      nextWrites[s] = writes[old];
      nextBytes[s] = bytes[old];
      nextRuns[s] = runs[old];
      nextFreed[s] = freed[old];
    }
    for (int old = 0; old < size; old++) {
      if (to[old] < 0) {
        forget(old);
      }
    }
    for (BitSet bits : new BitSet[] {
      changed, settling, dead, deleted, joinable, full, attention, firsts
    }) {
      move(bits, to);
    }
    size = slots;
    entries = nextEntries;
    gets = nextGets;
    seeks = nextSeeks;
    writes = nextWrites;
    bytes = nextBytes;
    runs = nextRuns;
    freed = nextFreed;
    freedMost = new double[(slots >> BLOCK_BITS) + 1];
    for (int s = 0; s < slots; s++) {
      freedMost[s >> BLOCK_BITS] = Math.max(freedMost[s >> BLOCK_BITS], freed[s]);
      if (from[s] < 0) {
        changed.set(s);
        settling.set(s);
      }
    }
  }

  private void forget(int rank) {
    Entry entry = entries[rank];
    bytesSum -= bytes[rank];
    runsSum -= runs[rank];
    leases -= entry.leased ? 1 : 0;
    tree.count(-entry.live, -entry.stored);
  }

  private static void move(BitSet bits, int[] to) {
    BitSet moved = new BitSet();
    for (int old = bits.nextSetBit(0); old >= 0; old = bits.nextSetBit(old + 1)) {
      if (to[old] >= 0) {
        moved.set(to[old]);
      }
    }
    bits.clear();
    bits.or(moved);
  }

  /** Has the facts of all runs looked at again. */
  void allAge() {
    for (Entry entry : entries) {
      entry.ages = true;
    }
  }

  void decay(double factor) {
    if (!warm) {
      return;
    }
    times(gets, factor);
    times(seeks, factor);
    times(writes, factor);
  }

  private static void times(double[] values, double factor) {
    for (int i = 0; i < values.length; i++) {
      values[i] *= factor;
    }
  }

  /** Notes the greatest ratio of a slot. */
  void freed(int rank, double ratio) {
    double before = freed[rank];
    if (before == ratio) {
      return;
    }
    freed[rank] = ratio;
    int block = rank >> BLOCK_BITS;
    if (ratio >= freedMost[block]) {
      freedMost[block] = ratio;
    } else if (before == freedMost[block]) {
      double most = 0;
      int end = Math.min(size, block + 1 << BLOCK_BITS);
      for (int s = block << BLOCK_BITS; s < end; s++) {
        most = Math.max(most, freed[s]);
      }
      freedMost[block] = most;
    }
  }

  int firstChild(int rank) {
    return starts.length == 0 ? -1 : starts[rank];
  }

  int lastChild(int rank) {
    return starts.length == 0 ? -1 : starts[rank + 1] - 1;
  }

  @Override
  public SlotFacts get(int rank) {
    Entry entry = entries[rank];
    SlotFacts known = entry.facts;
    if (known != null && entry.factsLook == tree.look()) {
      return known;
    }
    SlotFacts facts =
        new SlotFacts(
            level,
            rank,
            entry.slotId,
            entry.leased,
            entry.splittable,
            firstChild(rank),
            lastChild(rank),
            gets[rank],
            seeks[rank],
            writes[rank],
            tree.aged(entry));
    entry.facts = facts;
    entry.factsLook = tree.look();
    return facts;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  long bytes() {
    return bytesSum;
  }

  @Override
  boolean hasRuns() {
    return runsSum > 0;
  }

  @Override
  boolean hasLeases() {
    return leases > 0;
  }
}
