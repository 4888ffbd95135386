package dev.atll.version;

import dev.atll.base.Keys;
import dev.atll.version.VersionEdit.LevelGuard;
import dev.atll.version.VersionEdit.LevelRun;
import dev.atll.version.VersionEdit.LevelRunId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What one edit does to one level: the slots that it leaves alone stay the same objects. */
final class LevelEdit {
  static final Comparator<Run> NEWEST_FIRST = Comparator.comparingLong(Run::maxRevision).reversed();

  private final Level before;
  private final List<Run> gone = new ArrayList<>();
  private final List<Run> come = new ArrayList<>();
  private final List<byte[]> plus = new ArrayList<>();
  private final List<byte[]> minus = new ArrayList<>();

  /**
   * Those of a level's changes.
   *
   * @param left receives the tables of runs that go
   * @throws IllegalArgumentException if a run that goes is not there, or named twice
   */
  LevelEdit(int level, Level before, VersionEdit edit, Set<Long> left) {
    this.before = before;
    long[] ids = removed(level, edit);
    for (long id : ids) {
      Run run = before.run(id);
      require(run != null, "level %d has no run %d", level, id);
      if (run != null) {
        gone.add(run);
        left.add(run.fileNumber());
      }
    }
    for (LevelRun added : edit.addedRuns) {
      if (added.level() == level) {
        long id = added.run().id();
        require(
            before.run(id) == null || Arrays.binarySearch(ids, id) >= 0,
            "run %d is in the tree twice",
            id);
        come.add(added.run());
      }
    }
    for (LevelGuard guard : edit.addedGuards) {
      if (guard.level() == level) {
        plus.add(guard.key());
      }
    }
    for (LevelGuard guard : edit.removedGuards) {
      if (guard.level() == level) {
        minus.add(guard.key());
      }
    }
  }

  /** The runs that an edit takes from a level, ascending; none is named twice. */
  static long[] removed(int level, VersionEdit edit) {
    long[] ids = new long[edit.removedRuns.size()];
    int count = 0;
    for (LevelRunId removed : edit.removedRuns) {
      if (removed.level() == level) {
        ids[count++] = removed.runId();
      }
    }
    ids = Arrays.copyOf(ids, count);
    Arrays.sort(ids);
    for (int i = 1; i < ids.length; i++) {
      require(ids[i] != ids[i - 1], "run %d removed twice", ids[i]);
    }
    return ids;
  }

  /** Whether the level gets other guards. */
  boolean cuts() {
    return !plus.isEmpty() || !minus.isEmpty();
  }

  List<byte[]> addedGuards() {
    return plus;
  }

  List<byte[]> removedGuards() {
    return minus;
  }

  /** The level after the edit. */
  Level applied() {
    if (cuts()) {
      return recut();
    }
    if (gone.isEmpty() && come.isEmpty()) {
      return before;
    }
    Guards guards = before.guards();
    Map<Integer, List<Run>> touched = new TreeMap<>();
    for (Run run : gone) {
      touched
          .computeIfAbsent(guards.slotOf(run.low()), s -> new ArrayList<>(before.slots().get(s).runs()))
          .remove(run);
    }
    for (Run run : come) {
      touched
          .computeIfAbsent(slotFor(guards, run), s -> new ArrayList<>(before.slots().get(s).runs()))
          .add(run);
    }
    Map<Integer, Slot> slots = new TreeMap<>();
    touched.forEach((s, runs) -> slots.put(s, slot(runs)));
    return new Level(guards, before.list().with(slots, gone, come));
  }

  /** With other guards: runs of slots whose bounds change, and those that come, are placed anew. */
  private Level recut() {
    Guards old = before.guards();
    Guards guards = old.with(plus, minus);
    boolean[] touched = new boolean[old.slotCount()];
    for (Run run : gone) {
      touched[old.slotOf(run.low())] = true;
    }
    Slot[] slots = new Slot[guards.slotCount()];
    List<Run> loose = new ArrayList<>();
    int at = 0;
    for (int s = 0; s < slots.length; s++) {
      // The first old slot that ends behind where this one begins.
      while (s > 0 && at < old.size() && order(old.key(at), guards.key(s - 1)) <= 0) {
        at++;
      }
      if (!touched[at] && sameLow(old, at, guards, s) && sameHigh(old, at, guards, s)) {
        slots[s] = before.slots().get(at);
        touched[at] = true;
      } else {
        slots[s] = Slot.EMPTY;
      }
    }
    boolean[] kept = touched.clone();
    for (Run run : gone) {
      kept[old.slotOf(run.low())] = false;
    }
    Set<Run> leaving = Collections.newSetFromMap(new IdentityHashMap<>());
    leaving.addAll(gone);
    for (int s = 0; s < kept.length; s++) {
      if (!kept[s]) {
        for (Run run : before.slots().get(s).runs()) {
          if (!leaving.contains(run)) {
            loose.add(run);
          }
        }
      }
    }
    loose.addAll(come);
    Map<Integer, List<Run>> filled = new TreeMap<>();
    for (Run run : loose) {
      filled
          .computeIfAbsent(slotFor(guards, run), s -> new ArrayList<>(slots[s].runs()))
          .add(run);
    }
    filled.forEach((s, runs) -> slots[s] = slot(runs));
    return new Level(guards, before.list().with(slots, gone, come));
  }

  private static boolean sameLow(Guards a, int s, Guards b, int t) {
    return s == 0 ? t == 0 : t > 0 && order(a.key(s - 1), b.key(t - 1)) == 0;
  }

  private static boolean sameHigh(Guards a, int s, Guards b, int t) {
    return s == a.size() ? t == b.size() : t < b.size() && order(a.key(s), b.key(t)) == 0;
  }

  /** Guards that stay are the same arrays. */
  @SuppressWarnings("ReferenceEquality") // only a shortcut
  private static int order(byte[] a, byte[] b) {
    return a == b ? 0 : Keys.compare(a, b);
  }

  private static int slotFor(Guards guards, Run run) {
    int slot = guards.slotOf(run.low());
    require(run.isWithin(guards.low(slot), guards.high(slot)), "%s lies across a guard", run);
    return slot;
  }

  private static Slot slot(List<Run> runs) {
    runs.sort(NEWEST_FIRST);
    for (int i = 1; i < runs.size(); i++) {
      require(
          runs.get(i - 1).minRevision() > runs.get(i).maxRevision(),
          "revisions of %s meet those of %s",
          runs.get(i - 1),
          runs.get(i));
    }
    return runs.isEmpty() ? Slot.EMPTY : new Slot(runs);
  }

  static void require(boolean condition, String format, Object... args) {
    if (!condition) {
      throw new IllegalArgumentException(
          "edit does not fit the tree: " + String.format(Locale.ROOT, format, args));
    }
  }
}
