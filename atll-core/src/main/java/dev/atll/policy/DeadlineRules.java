package dev.atll.policy;

import dev.atll.policy.Candidate.Reason;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that what was deleted is gone before the deadline. A deletion is only gone once the oldest
 * data of its key have been rewritten; where deletions fall everywhere, all data are rewritten once a
 * deadline, and what is left to choose is how little beside them. So a column of slots, one of the level
 * above the deepest with all below it, waits as long as it may, takes along what waits above, and what
 * passes through the levels on the way is not merged there. For one snapshot.
 */
final class DeadlineRules {
  /** Part of the deadline after which a deletion is to go; the rest is for the merges. */
  private static final double DUE = 0.9;

  /**
   * How much faster than all columns in one deadline they can be done: when many will be due at once,
   * as after a load, the first begin before they are due.
   */
  private static final double PACE = 4;

  /** A slot of the level above the deepest, or of the deepest if it is the first; with what is below. */
  private record Column(SlotFacts slot, long ageMillis, long bytes) {}

  private final TreeSnapshot now;
  private final SizeRules sizes;
  private final Offers offers;
  private final int deepest;
  private final double dueMillis;
  // By level and rank: the age of the oldest deletion, and the rank of the slot above.
  private final long[][] ages;
  private final int[][] parents;
  private final Set<SlotFacts> offered = new HashSet<>();

  DeadlineRules(TreeSnapshot now, SizeRules sizes, Offers offers) {
    this.now = now;
    this.sizes = sizes;
    this.offers = offers;
    this.deepest = sizes.deepest();
    this.dueMillis = DUE * now.settings().deleteDeadlineMillis();
    int levels = now.settings().hasDeadline() ? deepest + 1 : 0;
    this.ages = new long[levels][];
    this.parents = new int[levels][];
  }

  /** Offers the columns that are due, and the oldest if those behind it would be late otherwise. */
  void offer() {
    if (!now.settings().hasDeadline() || deepest == 0) {
      return;
    }
    List<Column> columns = oldestFirst();
    double all = 0;
    for (Column column : columns) {
      all += column.bytes();
    }
    boolean pressed = false;
    double sum = 0;
    for (Column column : columns) {
      sum += column.bytes();
      pressed |= column.ageMillis() >= dueMillis * (1 - sum / (PACE * all));
    }
    for (Column column : columns) {
      boolean due = column.ageMillis() >= dueMillis;
      if ((due || pressed) && sendDown(column)) {
        pressed = false;
      }
      if (!due && !pressed) {
        return;
      }
    }
  }

  private List<Column> oldestFirst() {
    for (int level = 1; level <= deepest; level++) {
      List<SlotFacts> slots = now.level(level).slots();
      ages[level] = new long[slots.size()];
      parents[level] = new int[slots.size()];
      for (SlotFacts slot : slots) {
        ages[level][slot.rank()] = ageMillis(slot);
      }
    }
    for (int level = 1; level < deepest; level++) {
      for (SlotFacts slot : now.level(level).slots()) {
        for (int i = slot.firstChild(); i <= slot.lastChild(); i++) {
          parents[level + 1][i] = slot.rank();
        }
      }
    }
    List<Column> columns = new ArrayList<>();
    int level = Math.max(1, deepest - 1);
    for (SlotFacts slot : now.level(level).slots()) {
      long age = 0;
      long bytes = slot.bytes();
      int rank = slot.rank();
      for (int l = level; l >= 1; l--) {
        age = Math.max(age, ages[l][rank]);
        rank = parents[l][rank];
      }
      if (level < deepest) {
        for (SlotFacts child : sizes.children(slot)) {
          age = Math.max(age, ages[deepest][child.rank()]);
          bytes += child.bytes();
        }
      }
      if (age > 0) {
        columns.add(new Column(slot, age, bytes));
      }
    }
    columns.sort(Comparator.comparingLong(Column::ageMillis).reversed());
    return columns;
  }

  /**
   * How long the oldest deletion of a slot has been waiting; 0 if there is none that could go: rewriting
   * a single run with nothing older drops nothing while somebody may see what it deleted.
   */
  private long ageMillis(SlotFacts slot) {
    List<RunFacts> runs = slot.runs();
    if (slot.level() == deepest && runs.size() == 1 && runs.get(0).retained()) {
      return 0;
    }
    long age = 0;
    for (RunFacts run : runs) {
      if (run.tombstones() > 0) {
        age = Math.max(age, run.tombstoneAgeMillis());
      }
    }
    return age;
  }

  /** Offers the next step for a column; false if a job is in the way. */
  private boolean sendDown(Column column) {
    double index = column.ageMillis() / dueMillis;
    SlotFacts slot = column.slot();
    SlotFacts above = above(slot);
    if (above != null) {
      if (above.leased() || !sizes.childrenAreFree(above)) {
        return false;
      }
      if (offered.add(above)) {
        offers.handDown(
            above, 0, 0, now.settings().fanout(), Reason.TOMBSTONES, index, true);
      }
      return true;
    }
    if (slot.leased() || !sizes.childrenAreFree(slot)) {
      return false;
    }
    if (slot.level() < deepest && ages[slot.level()][slot.rank()] > worthTaking()) {
      offers.handDown(
          slot, 0, Integer.MAX_VALUE, now.settings().fanout(), Reason.TOMBSTONES, index, true);
      return true;
    }
    boolean any = false;
    for (SlotFacts last : slot.level() < deepest ? sizes.children(slot) : List.of(slot)) {
      if (ages[deepest][last.rank()] > worthTaking()) {
        offers.merge(last, 0, last.runs().size() - 1, Reason.TOMBSTONES, index, true);
        any = true;
      }
    }
    return any;
  }

  /** The highest slot above a column whose deletions are old enough to be taken along, if any. */
  private @Nullable SlotFacts above(SlotFacts slot) {
    SlotFacts highest = null;
    int rank = slot.rank();
    for (int level = slot.level(); level > 1; level--) {
      rank = parents[level][rank];
      if (ages[level - 1][rank] > worthTaking()) {
        highest = now.level(level - 1).slots().get(rank);
      }
    }
    return highest;
  }

  /**
   * Age from which deletions above a column are taken along: left there, they would make the next
   * rewriting of the column due that much sooner.
   */
  private double worthTaking() {
    return dueMillis / (2.0 * now.settings().fanout());
  }
}
