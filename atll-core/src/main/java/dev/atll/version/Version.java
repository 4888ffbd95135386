package dev.atll.version;

import dev.atll.base.Keys;
import dev.atll.version.VersionEdit.LevelGuard;
import dev.atll.version.VersionEdit.LevelRun;
import dev.atll.version.VersionEdit.LevelRunId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The whole shape of the tree at one moment, with the numbers that must survive with it. Immutable.
 *
 * @param levelZero flushed runs not yet admitted, newest first; a partly admitted table has several
 *     runs here whose bounds do not meet
 * @param levels guard-cut levels; index 0 is level 1
 * @param files every table that a run refers to, by number
 * @param nextNumber numbers below this are used up
 * @param reservedRevision revisions up to this may have been handed out
 * @param flushedRevision all revisions up to this are in tables
 * @param firstLogSegment log segments below this number are not needed
 * @param retainedFloor reads below this revision are refused
 */
public record Version(
    List<Run> levelZero,
    List<Level> levels,
    Map<Long, TableFile> files,
    long nextNumber,
    long reservedRevision,
    long flushedRevision,
    long firstLogSegment,
    long retainedFloor) {

  /** Copies the collections. */
  public Version {
    levelZero = List.copyOf(levelZero);
    levels = List.copyOf(levels);
    // In order: the order of Map.copyOf differs from process to process, and with it what a seed does.
    files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
  }

  /** The tree of a new store: the given number of levels below level 0, each with one slot. */
  public static Version empty(int levelCount) {
    List<Level> levels = new ArrayList<>();
    for (int i = 0; i < levelCount; i++) {
      levels.add(Level.EMPTY);
    }
    return new Version(List.of(), levels, Map.of(), 1, 0, 0, 0, 0);
  }

  /** Level 1 to {@link #levelCount()}. */
  public Level level(int level) {
    return levels.get(level - 1);
  }

  /** How many guard-cut levels there are. */
  public int levelCount() {
    return levels.size();
  }

  /** The run with this id at this level, or null. */
  public @Nullable Run findRun(int level, long runId) {
    if (level == 0) {
      for (Run run : levelZero) {
        if (run.id() == runId) {
          return run;
        }
      }
      return null;
    }
    for (Slot slot : level(level).slots()) {
      for (Run run : slot.runs()) {
        if (run.id() == runId) {
          return run;
        }
      }
    }
    return null;
  }

  /** Whether a run at a level deeper than the given one meets [low, high). */
  public boolean hasRunBelow(int level, byte[] low, byte @Nullable [] high) {
    for (int deeper = level + 1; deeper <= levelCount(); deeper++) {
      Level l = level(deeper);
      int last = l.guards().lastSlotBelow(high);
      for (int s = l.guards().slotOf(low); s <= last; s++) {
        for (Run run : l.slots().get(s).runs()) {
          if (run.overlaps(low, high)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  /** Estimated data bytes that live runs show. */
  public long liveBytes() {
    long sum = 0;
    for (Run run : levelZero) {
      sum += run.bytes();
    }
    for (Level level : levels) {
      sum += level.bytes();
    }
    return sum;
  }

  /** Bytes of all table files on disk. */
  public long fileBytes() {
    long sum = 0;
    for (TableFile file : files.values()) {
      sum += file.bytes();
    }
    return sum;
  }

  /**
   * The tree after one edit. Slots that the edit does not touch stay the same objects.
   *
   * @throws IllegalArgumentException if the edit does not fit this tree (a run it removes is absent,
   *     a guard it adds exists, a run it adds lies across a guard, a file is unknown): a damaged
   *     manifest or a defect, never a user's fault
   */
  public Version apply(VersionEdit edit) {
    Map<Long, TableFile> nextFiles = new TreeMap<>(files);
    for (TableFile file : edit.addedFiles) {
      TableFile known = nextFiles.put(file.number(), file);
      require(known == null || known.equals(file), "table %d is known otherwise", file.number());
    }

    Set<Long> removedZero = new HashSet<>();
    List<Set<Long>> removed = new ArrayList<>();
    List<List<Run>> added = new ArrayList<>();
    for (int i = 0; i < levelCount(); i++) {
      removed.add(new HashSet<>());
      added.add(new ArrayList<>());
    }
    for (LevelRunId r : edit.removedRuns) {
      require(r.level() >= 0 && r.level() <= levelCount(), "level %d", r.level());
      boolean fresh =
          (r.level() == 0 ? removedZero : removed.get(r.level() - 1)).add(r.runId());
      require(fresh, "run %d removed twice", r.runId());
    }
    List<Run> zero = new ArrayList<>();
    for (Run run : levelZero) {
      if (!removedZero.remove(run.id())) {
        zero.add(run);
      }
    }
    require(removedZero.isEmpty(), "level 0 has no runs %s", removedZero);
    for (LevelRun r : edit.addedRuns) {
      require(r.level() >= 0 && r.level() <= levelCount(), "level %d", r.level());
      require(nextFiles.containsKey(r.run().fileNumber()), "unknown table of %s", r.run());
      (r.level() == 0 ? zero : added.get(r.level() - 1)).add(r.run());
    }
    zero.sort(Comparator.comparingLong(Run::maxRevision).reversed().thenComparing(Run::low, Keys::compare));

    edit.addedGuards.forEach(g -> requireGuardLevel(g.level()));
    edit.removedGuards.forEach(g -> requireGuardLevel(g.level()));
    List<Level> nextLevels = new ArrayList<>(levels);
    for (int i = levelCount(); i >= 1; i--) {
      int level = i;
      List<byte[]> plus = guardsOf(edit.addedGuards, level);
      List<byte[]> minus = guardsOf(edit.removedGuards, level);
      Set<Long> gone = removed.get(level - 1);
      List<Run> come = added.get(level - 1);
      if (plus.isEmpty() && minus.isEmpty() && gone.isEmpty() && come.isEmpty()) {
        continue;
      }
      nextLevels.set(level - 1, applyToLevel(level(level), gone, come, plus, minus));
      require(gone.isEmpty(), "level %d has no runs %s", level, gone);
    }
    for (int i = 0; i + 1 < nextLevels.size(); i++) {
      // Invariant I2: guards are nested, so that a slot's children tile it exactly.
      require(
          nextLevels.get(i).guards().isSubsetOf(nextLevels.get(i + 1).guards()),
          "guards of level %d are not all guards of level %d",
          i + 1,
          i + 2);
    }
    Set<Long> ids = new HashSet<>();
    Set<Long> used = new HashSet<>();
    zero.forEach(r -> use(r, ids, used));
    for (Level level : nextLevels) {
      for (Slot slot : level.slots()) {
        slot.runs().forEach(r -> use(r, ids, used));
      }
    }
    for (TableFile file : edit.addedFiles) {
      require(used.contains(file.number()), "no run of table %d", file.number());
    }
    nextFiles.keySet().retainAll(used);
    return new Version(
        zero,
        nextLevels,
        nextFiles,
        Math.max(nextNumber, edit.nextNumber),
        // A clean close gives back what was not handed out: the one number that may go down.
        edit.reservedRevision == 0 ? reservedRevision : edit.reservedRevision,
        Math.max(flushedRevision, edit.flushedRevision),
        Math.max(firstLogSegment, edit.firstLogSegment),
        Math.max(retainedFloor, edit.retainedFloor));
  }

  private void requireGuardLevel(int level) {
    require(level >= 1 && level <= levelCount(), "guard at level %d", level);
  }

  private static void use(Run run, Set<Long> ids, Set<Long> used) {
    require(ids.add(run.id()), "run %d is in the tree twice", run.id());
    used.add(run.fileNumber());
  }

  private static List<byte[]> guardsOf(List<LevelGuard> guards, int level) {
    List<byte[]> keys = new ArrayList<>();
    for (LevelGuard g : guards) {
      if (g.level() == level) {
        keys.add(g.key());
      }
    }
    return keys;
  }

  private static Level applyToLevel(
      Level before, Set<Long> gone, List<Run> come, List<byte[]> plus, List<byte[]> minus) {
    Guards guards = before.guards();
    for (byte[] key : minus) {
      require(guards.contains(key), "no guard %s to remove", Arrays.toString(key));
      guards = guards.without(key);
    }
    for (byte[] key : plus) {
      require(key.length > 0 && !guards.contains(key), "guard %s exists", Arrays.toString(key));
      guards = guards.with(key);
    }
    boolean sameGuards = plus.isEmpty() && minus.isEmpty();
    List<List<Run>> runs = new ArrayList<>();
    boolean[] touched = new boolean[guards.slotCount()];
    for (int s = 0; s < guards.slotCount(); s++) {
      runs.add(new ArrayList<>());
    }
    for (int s = 0; s < before.slots().size(); s++) {
      for (Run run : before.slots().get(s).runs()) {
        if (gone.remove(run.id())) {
          if (sameGuards) {
            touched[s] = true;
          }
        } else {
          place(guards, run, runs, null);
        }
      }
    }
    for (Run run : come) {
      place(guards, run, runs, touched);
    }
    List<Slot> slots = new ArrayList<>();
    for (int s = 0; s < guards.slotCount(); s++) {
      if (sameGuards && !touched[s]) {
        slots.add(before.slots().get(s));
        continue;
      }
      List<Run> ordered = runs.get(s);
      ordered.sort(Comparator.comparingLong(Run::maxRevision).reversed());
      for (int i = 1; i < ordered.size(); i++) {
        require(
            ordered.get(i - 1).minRevision() > ordered.get(i).maxRevision(),
            "revisions of %s meet those of %s",
            ordered.get(i - 1),
            ordered.get(i));
      }
      slots.add(ordered.isEmpty() ? Slot.EMPTY : new Slot(ordered));
    }
    return new Level(guards, slots);
  }

  private static void place(
      Guards guards, Run run, List<List<Run>> runs, boolean @Nullable [] touched) {
    int slot = guards.slotOf(run.low());
    require(run.isWithin(guards.low(slot), guards.high(slot)), "%s lies across a guard", run);
    runs.get(slot).add(run);
    if (touched != null) {
      touched[slot] = true;
    }
  }

  private static void require(boolean condition, String format, Object... args) {
    if (!condition) {
      throw new IllegalArgumentException("edit does not fit the tree: " + format.formatted(args));
    }
  }
}
