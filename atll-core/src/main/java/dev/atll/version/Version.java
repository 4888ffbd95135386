package dev.atll.version;

import dev.atll.base.Keys;
import dev.atll.version.VersionEdit.LevelGuard;
import dev.atll.version.VersionEdit.LevelRun;
import dev.atll.version.VersionEdit.LevelRunId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
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
  private static final Comparator<Run> NEWEST_FIRST =
      Comparator.comparingLong(Run::maxRevision).reversed();

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
    RemovedRuns goneZero = new RemovedRuns(0, edit.removedRuns);
    List<Run> zero = new ArrayList<>(added(edit, 0));
    for (Run run : levelZero) {
      if (!goneZero.take(run, left)) {
        zero.add(run);
      }
    }
    goneZero.requireAllTaken();
    zero.sort(NEWEST_FIRST.thenComparing(Run::low, Keys::compare));
    List<Level> nextLevels = new ArrayList<>();
    for (int i = 1; i <= levelCount(); i++) {
      List<byte[]> plus = guardsOf(edit.addedGuards, i);
      List<byte[]> minus = guardsOf(edit.removedGuards, i);
      RemovedRuns gone = new RemovedRuns(i, edit.removedRuns);
      List<Run> come = added(edit, i);
      if (!plus.isEmpty() || !minus.isEmpty()) {
        nextLevels.add(recut(level(i), gone, come, plus, minus, left));
      } else if (!gone.allTaken() || !come.isEmpty()) {
        nextLevels.add(exchange(level(i), gone, come, left));
      } else {
        nextLevels.add(level(i));
      }
      gone.requireAllTaken();
    }
    requireNested(nextLevels);
    checkRuns(edit, zero, nextLevels, left);
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

  private static List<Run> added(VersionEdit edit, int level) {
    List<Run> runs = new ArrayList<>();
    for (LevelRun r : edit.addedRuns) {
      if (r.level() == level) {
        runs.add(r.run());
      }
    }
    return runs;
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

  /** Invariant I2: guards are nested, so that a slot's children tile it exactly. */
  @SuppressWarnings("ReferenceEquality") // guards that are the same objects as before fit
  private void requireNested(List<Level> next) {
    for (int i = 0; i + 1 < next.size(); i++) {
      Guards upper = next.get(i).guards();
      Guards lower = next.get(i + 1).guards();
      if (upper != levels.get(i).guards() || lower != levels.get(i + 1).guards()) {
        require(
            upper.isSubsetOf(lower),
            "guards of level %d are not all guards of level %d",
            i + 1,
            i + 2);
      }
    }
  }

  /**
   * Checks that each run that came is in the tree once, and that each table that came is used. All
   * runs are looked at, so this has no boxed sets of them: those were half the time of an edit.
   *
   * @param left tables that runs went from; those still used are taken out
   */
  private static void checkRuns(
      VersionEdit edit, List<Run> zero, List<Level> levels, Set<Long> left) {
    long[] ids = edit.addedRuns.stream().mapToLong(r -> r.run().id()).sorted().toArray();
    long[] tables =
        LongStream.concat(
                edit.addedFiles.stream().mapToLong(TableFile::number),
                left.stream().mapToLong(number -> number))
            .sorted()
            .distinct()
            .toArray();
    if (ids.length == 0 && tables.length == 0) {
      return;
    }
    boolean[] present = new boolean[ids.length];
    boolean[] used = new boolean[tables.length];
    for (Run run : zero) {
      check(run, ids, present, tables, used);
    }
    for (Level level : levels) {
      for (Slot slot : level.slots()) {
        for (Run run : slot.runs()) {
          check(run, ids, present, tables, used);
        }
      }
    }
    for (int i = 0; i < tables.length; i++) {
      if (used[i]) {
        left.remove(tables[i]);
      }
    }
    for (TableFile file : edit.addedFiles) {
      require(used[Arrays.binarySearch(tables, file.number())], "no run of table %d", file.number());
    }
  }

  private static void check(
      Run run, long[] ids, boolean[] present, long[] tables, boolean[] used) {
    int table = Arrays.binarySearch(tables, run.fileNumber());
    if (table >= 0) {
      used[table] = true;
    }
    int id = Arrays.binarySearch(ids, run.id());
    if (id >= 0) {
      require(!present[id], "run %d is in the tree twice", run.id());
      present[id] = true;
    }
  }

  /** A level whose guards stay: slots that no run leaves or enters stay the same objects. */
  private static Level exchange(Level before, RemovedRuns gone, List<Run> come, Set<Long> left) {
    Guards guards = before.guards();
    List<Slot> slots = new ArrayList<>(before.slots());
    Map<Integer, List<Run>> touched = new TreeMap<>();
    for (int s = 0; s < slots.size() && !gone.allTaken(); s++) {
      List<Run> runs = slots.get(s).runs();
      List<Run> stay = null;
      for (int i = 0; i < runs.size(); i++) {
        if (gone.take(runs.get(i), left)) {
          stay = stay == null ? new ArrayList<>(runs.subList(0, i)) : stay;
        } else if (stay != null) {
          stay.add(runs.get(i));
        }
      }
      if (stay != null) {
        touched.put(s, stay);
      }
    }
    for (Run run : come) {
      touched
          .computeIfAbsent(slotFor(guards, run), s -> new ArrayList<>(before.slots().get(s).runs()))
          .add(run);
    }
    touched.forEach((s, runs) -> slots.set(s, slot(runs)));
    return new Level(guards, slots);
  }

  /** A level that gets other guards: its runs are placed anew. */
  private static Level recut(
      Level before,
      RemovedRuns gone,
      List<Run> come,
      List<byte[]> plus,
      List<byte[]> minus,
      Set<Long> left) {
    Guards guards = before.guards();
    for (byte[] key : minus) {
      require(guards.contains(key), "no guard %s to remove", Arrays.toString(key));
      guards = guards.without(key);
    }
    for (byte[] key : plus) {
      require(key.length > 0 && !guards.contains(key), "guard %s exists", Arrays.toString(key));
      guards = guards.with(key);
    }
    List<List<Run>> runs = new ArrayList<>();
    for (int s = 0; s < guards.slotCount(); s++) {
      runs.add(new ArrayList<>());
    }
    for (Slot slot : before.slots()) {
      for (Run run : slot.runs()) {
        if (!gone.take(run, left)) {
          runs.get(slotFor(guards, run)).add(run);
        }
      }
    }
    for (Run run : come) {
      runs.get(slotFor(guards, run)).add(run);
    }
    return new Level(guards, runs.stream().map(Version::slot).toList());
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

  private static void require(boolean condition, String format, Object... args) {
    if (!condition) {
      throw new IllegalArgumentException("edit does not fit the tree: "
          + String.format(Locale.ROOT, format, args));
    }
  }
}
