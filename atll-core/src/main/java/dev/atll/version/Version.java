package dev.atll.version;

import dev.atll.base.Keys;
import dev.atll.version.VersionEdit.LevelRun;
import dev.atll.version.VersionEdit.LevelRunId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
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
 * @param gaps revisions above the floor that no write has
 */
public record Version(
    List<Run> levelZero,
    List<Level> levels,
    TableFiles files,
    long nextNumber,
    long reservedRevision,
    long flushedRevision,
    long firstLogSegment,
    long retainedFloor,
    RevisionGaps gaps) {
  /** Copies the collections. */
  public Version {
    levelZero = List.copyOf(levelZero);
    levels = List.copyOf(levels);
  }

  /** A tree without gaps in its revisions. */
  public Version(
      List<Run> levelZero,
      List<Level> levels,
      TableFiles files,
      long nextNumber,
      long reservedRevision,
      long flushedRevision,
      long firstLogSegment,
      long retainedFloor) {
    this(
        levelZero,
        levels,
        files,
        nextNumber,
        reservedRevision,
        flushedRevision,
        firstLogSegment,
        retainedFloor,
        RevisionGaps.NONE);
  }

  /** The tree of a new store: the given number of levels below level 0, each with one slot. */
  public static Version empty(int levelCount) {
    List<Level> levels = new ArrayList<>();
    for (int i = 0; i < levelCount; i++) {
      levels.add(Level.EMPTY);
    }
    return new Version(List.of(), levels, TableFiles.NONE, 1, 0, 0, 0, 0);
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
    return level(level).run(runId);
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
    return files.bytes();
  }

  /**
   * The tree after one edit. Slots that the edit does not touch stay the same objects.
   *
   * @throws IllegalArgumentException if the edit does not fit this tree (a run it removes is absent,
   *     a guard it adds exists, a run it adds lies across a guard, a file is unknown): a damaged
   *     manifest or a defect, never a user's fault
   */
  public Version apply(VersionEdit edit) {
    for (LevelRunId r : edit.removedRuns) {
      requireLevel(0, r.level());
    }
    TableFiles known = files.with(edit.addedFiles, Set.of());
    for (LevelRun r : edit.addedRuns) {
      requireLevel(0, r.level());
      require(known.contains(r.run().fileNumber()), "unknown table of %s", r.run());
    }
    edit.addedGuards.forEach(g -> requireLevel(1, g.level()));
    edit.removedGuards.forEach(g -> requireLevel(1, g.level()));

    Set<Long> left = new TreeSet<>(); // tables that runs go from
    List<Run> zero = zero(edit, left);
    List<Level> nextLevels = new ArrayList<>();
    List<LevelEdit> edits = new ArrayList<>();
    for (int i = 1; i <= levelCount(); i++) {
      LevelEdit here = new LevelEdit(i, level(i), edit, left);
      edits.add(here);
      nextLevels.add(here.applied());
    }
    requireNested(nextLevels, edits);
    requireOnce(edit, zero, nextLevels);
    left.removeIf(table -> shows(table, zero, nextLevels));
    for (TableFile file : edit.addedFiles) {
      require(shows(file.number(), zero, nextLevels), "no run of table %d", file.number());
    }
    long floor = Math.max(retainedFloor, edit.retainedFloor);
    return new Version(
        zero,
        nextLevels,
        left.isEmpty() ? known : known.with(List.of(), left),
        Math.max(nextNumber, edit.nextNumber),
        // A clean close gives back what was not handed out: the one number that may go down.
        edit.reservedRevision == 0 ? reservedRevision : edit.reservedRevision,
        Math.max(flushedRevision, edit.flushedRevision),
        Math.max(firstLogSegment, edit.firstLogSegment),
        floor,
        gaps.plus(edit.gaps).above(floor));
  }

  private void requireLevel(int least, int level) {
    require(level >= least && level <= levelCount(), "level %d", level);
  }

  private List<Run> zero(VersionEdit edit, Set<Long> left) {
    long[] removed = LevelEdit.removed(0, edit);
    List<Run> zero = new ArrayList<>();
    int taken = 0;
    for (Run run : levelZero) {
      if (Arrays.binarySearch(removed, run.id()) >= 0) {
        taken++;
        left.add(run.fileNumber());
      } else {
        zero.add(run);
      }
    }
    require(taken == removed.length, "level 0 has not all of the runs %s", Arrays.toString(removed));
    for (LevelRun added : edit.addedRuns) {
      if (added.level() == 0) {
        zero.add(added.run());
      }
    }
    zero.sort(LevelEdit.NEWEST_FIRST.thenComparing(Run::low, Keys::compare));
    return zero;
  }

  /** Invariant I2: guards are nested, so that a slot's children tile it exactly. */
  private static void requireNested(List<Level> next, List<LevelEdit> edits) {
    for (int i = 0; i < next.size(); i++) {
      if (i + 1 < next.size()) {
        for (byte[] key : edits.get(i).addedGuards()) {
          require(
              next.get(i + 1).guards().contains(key),
              "guards of level %d are not all guards of level %d",
              i + 1,
              i + 2);
        }
      }
      if (i > 0) {
        for (byte[] key : edits.get(i).removedGuards()) {
          require(
              !next.get(i - 1).guards().contains(key) || next.get(i).guards().contains(key),
              "guards of level %d are not all guards of level %d",
              i,
              i + 1);
        }
      }
    }
  }

  /** Checks that each run that came is in the tree once. */
  private static void requireOnce(VersionEdit edit, List<Run> zero, List<Level> levels) {
    long[] ids = edit.addedRuns.stream().mapToLong(r -> r.run().id()).sorted().toArray();
    for (int i = 1; i < ids.length; i++) {
      require(ids[i] != ids[i - 1], "run %d is in the tree twice", ids[i]);
    }
    for (Run run : zero) {
      require(
          Arrays.binarySearch(ids, run.id()) < 0 || isAddedTo(0, run, edit),
          "run %d is in the tree twice",
          run.id());
    }
    for (LevelRun added : edit.addedRuns) {
      for (int i = 1; i <= levels.size(); i++) {
        require(
            i == added.level() || levels.get(i - 1).run(added.run().id()) == null,
            "run %d is in the tree twice",
            added.run().id());
      }
    }
  }

  private static boolean isAddedTo(int level, Run run, VersionEdit edit) {
    for (LevelRun added : edit.addedRuns) {
      if (added.level() == level && added.run() == run) {
        return true;
      }
    }
    return false;
  }

  private static boolean shows(long table, List<Run> zero, List<Level> levels) {
    for (Run run : zero) {
      if (run.fileNumber() == table) {
        return true;
      }
    }
    for (Level level : levels) {
      if (level.list().shows(table)) {
        return true;
      }
    }
    return false;
  }

  private static void require(boolean condition, String format, Object... args) {
    LevelEdit.require(condition, format, args);
  }
}
