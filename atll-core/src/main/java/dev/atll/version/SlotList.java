package dev.atll.version;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.RandomAccess;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The slots of a level with what an edit asks of all of them: where a run lies, which tables are in use.
 * Immutable; the slots of a changed level share with those before what did not change, in pieces, so that
 * an edit of one of 60,000 slots copies a few hundred places.
 */
@SuppressWarnings("ReferenceEquality") // what an edit did not touch is the same object
final class SlotList extends AbstractList<Slot> implements RandomAccess {
  private static final int PIECE_BITS = 7;
  private static final int PIECE = 1 << PIECE_BITS;

  private final Slot[][] pieces;
  private final int size;
  private final LongMap<Run> runs;
  // How many runs show each table.
  private final LongMap<Integer> tables;
  private final long bytes;

  private SlotList(
      Slot[][] pieces, int size, LongMap<Run> runs, LongMap<Integer> tables, long bytes) {
    this.pieces = pieces;
    this.size = size;
    this.runs = runs;
    this.tables = tables;
    this.bytes = bytes;
  }

  static SlotList of(List<Slot> slots) {
    if (slots instanceof SlotList known) {
      return known;
    }
    List<Run> all = new ArrayList<>();
    slots.forEach(slot -> all.addAll(slot.runs()));
    SlotList none = new SlotList(new Slot[0][], 0, LongMap.empty(), LongMap.empty(), 0);
    return none.with(slots.toArray(new Slot[0]), List.of(), all);
  }

  /** Other slots, from which some runs went and to which others came. */
  SlotList with(Slot[] slots, List<Run> gone, List<Run> come) {
    Slot[][] next = new Slot[(slots.length + PIECE - 1) >> PIECE_BITS][];
    for (int i = 0; i < next.length; i++) {
      int from = i << PIECE_BITS;
      int length = Math.min(PIECE, slots.length - from);
      next[i] = new Slot[length];
      System.arraycopy(slots, from, next[i], 0, length);
    }
    return made(next, slots.length, gone, come);
  }

  /** The same with other slots in some places. */
  SlotList with(Map<Integer, Slot> touched, List<Run> gone, List<Run> come) {
    Slot[][] next = pieces.clone();
    for (Map.Entry<Integer, Slot> change : touched.entrySet()) {
      int piece = change.getKey() >> PIECE_BITS;
      if (next[piece] == pieces[piece]) {
        next[piece] = pieces[piece].clone();
      }
      next[piece][change.getKey() & PIECE - 1] = change.getValue();
    }
    return made(next, size, gone, come);
  }

  private SlotList made(Slot[][] next, int slots, List<Run> gone, List<Run> come) {
    TreeMap<Long, @Nullable Run> ids = new TreeMap<>();
    TreeMap<Long, Integer> shown = new TreeMap<>();
    long sum = bytes;
    for (Run run : gone) {
      ids.put(run.id(), null);
      shown.merge(run.fileNumber(), -1, Integer::sum);
      sum -= run.bytes();
    }
    for (Run run : come) {
      ids.put(run.id(), run);
      shown.merge(run.fileNumber(), 1, Integer::sum);
      sum += run.bytes();
    }
    TreeMap<Long, @Nullable Integer> counts = new TreeMap<>();
    shown.forEach(
        (table, more) -> {
          Integer known = tables.get(table);
          int count = more + (known == null ? 0 : known);
          counts.put(table, count == 0 ? null : (Integer) count);
        });
    return new SlotList(next, slots, runs.with(ids), tables.with(counts), sum);
  }

  @Override
  public Slot get(int index) {
    return pieces[index >> PIECE_BITS][index & PIECE - 1];
  }

  @Override
  public int size() {
    return size;
  }

  /** The run with this id, or null. */
  @Nullable Run run(long id) {
    return runs.get(id);
  }

  /** Whether a run shows this table. */
  boolean shows(long table) {
    return tables.contains(table);
  }

  /** Number of runs. */
  int runCount() {
    return runs.size();
  }

  /** Data bytes of all runs. */
  long bytes() {
    return bytes;
  }

  /** Calls with each place at which another list of as many slots holds another one, ascending. */
  void forEachChange(SlotList other, IntConsumer action) {
    assert size == other.size : "as many slots";
    for (int i = 0; i < pieces.length; i++) {
      Slot[] mine = pieces[i];
      Slot[] theirs = other.pieces[i];
      for (int s = 0; mine != theirs && s < mine.length; s++) {
        if (mine[s] != theirs[s]) {
          action.accept((i << PIECE_BITS) + s);
        }
      }
    }
  }
}
