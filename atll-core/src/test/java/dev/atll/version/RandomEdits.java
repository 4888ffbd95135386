package dev.atll.version;

import dev.atll.base.Keys;
import dev.atll.version.VersionEdit.LevelGuard;
import dev.atll.version.VersionEdit.LevelRun;
import dev.atll.version.VersionEdit.LevelRunId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Legal edits at random, of every kind an engine makes: flush, admission whole and in part, merge,
 * promotion, move, split, join, numbers. Data are imaginary; what counts is the shape.
 */
public final class RandomEdits {
  private final Random random;
  private final LongSupplier numbers;
  private long revision;

  public RandomEdits(Random random, LongSupplier numbers) {
    this.random = random;
    this.numbers = numbers;
  }

  /** An edit that fits this version. */
  public VersionEdit next(Version v) {
    revision = Math.max(revision, v.flushedRevision()); // another one's history goes on
    while (true) {
      @Nullable VersionEdit edit =
          switch (random.nextInt(10)) {
            case 0, 1, 2 -> flush();
            case 3, 4 -> admit(v);
            case 5 -> merge(v);
            case 6 -> promote(v);
            case 7 -> split(v);
            case 8 -> join(v);
            default -> numbersOnly(v);
          };
      if (edit != null) {
        return edit;
      }
    }
  }

  private VersionEdit flush() {
    VersionEdit edit = new VersionEdit();
    long file = file(edit);
    long from = revision + 1;
    revision += 1 + random.nextInt(5);
    edit.addedRuns.add(new LevelRun(0, run(file, Keys.EMPTY, null, from, revision)));
    edit.flushedRevision = revision;
    edit.firstLogSegment = numbers.getAsLong();
    return edit;
  }

  private @Nullable VersionEdit admit(Version v) {
    if (v.levelZero().isEmpty()) {
      return null;
    }
    Run oldest = v.levelZero().getLast();
    Guards guards = v.level(1).guards();
    int first = guards.slotOf(oldest.low());
    int last = guards.lastSlotBelow(oldest.high());
    int until = random.nextBoolean() ? last : first + random.nextInt(last - first + 1);
    VersionEdit edit = new VersionEdit();
    edit.removedRuns.add(new LevelRunId(0, oldest.id()));
    for (int s = first; s <= until; s++) {
      byte[] low = s == first ? oldest.low() : guards.low(s);
      byte @Nullable [] high = s == last ? oldest.high() : guards.high(s);
      edit.addedRuns.add(new LevelRun(1, view(oldest, low, high)));
    }
    if (until < last) {
      edit.addedRuns.add(
          new LevelRun(0, view(oldest, guards.low(until + 1), oldest.high())));
    }
    return edit;
  }

  private @Nullable VersionEdit merge(Version v) {
    int level = 1 + random.nextInt(v.levelCount());
    int s = random.nextInt(v.level(level).slots().size());
    List<Run> runs = v.level(level).slots().get(s).runs();
    if (runs.isEmpty()) {
      return null;
    }
    int i = random.nextInt(runs.size());
    int j = i + random.nextInt(runs.size() - i);
    VersionEdit edit = new VersionEdit();
    remove(edit, level, runs.subList(i, j + 1));
    if (random.nextInt(8) > 0) { // else everything in it was dead
      Guards g = v.level(level).guards();
      long file = file(edit);
      edit.addedRuns.add(
          new LevelRun(
              level,
              run(file, g.low(s), g.high(s), runs.get(j).minRevision(), runs.get(i).maxRevision())));
    }
    return edit;
  }

  private @Nullable VersionEdit promote(Version v) {
    if (v.levelCount() == 1) {
      return null;
    }
    int level = 1 + random.nextInt(v.levelCount() - 1);
    int s = random.nextInt(v.level(level).slots().size());
    List<Run> runs = v.level(level).slots().get(s).runs();
    if (runs.isEmpty()) {
      return null;
    }
    List<Run> taken = runs.subList(random.nextInt(runs.size()), runs.size());
    Guards above = v.level(level).guards();
    Guards below = v.level(level + 1).guards();
    VersionEdit edit = new VersionEdit();
    remove(edit, level, taken);
    boolean move = taken.size() == 1 && random.nextBoolean();
    long file = move ? taken.getFirst().fileNumber() : file(edit);
    int last = below.lastSlotBelow(above.high(s));
    for (int child = below.slotOf(above.low(s)); child <= last; child++) {
      byte[] low = below.low(child);
      byte @Nullable [] high = below.high(child);
      if (move) {
        Run only = taken.getFirst();
        if (!only.overlaps(low, high)) {
          continue;
        }
        low = Keys.compare(low, only.low()) < 0 ? only.low() : low;
        high =
            high == null || (only.high() != null && Keys.compare(only.high(), high) < 0)
                ? only.high()
                : high;
      }
      // Runs may be narrower than their slot, so each child has a union of its own: with the revisions
      // of a run that never reached into this child, the output could meet those already there.
      byte[] from = low;
      byte @Nullable [] to = high;
      List<Run> here = taken.stream().filter(r -> r.overlaps(from, to)).toList();
      if (!here.isEmpty()) {
        long min = here.getLast().minRevision();
        long max = here.getFirst().maxRevision();
        edit.addedRuns.add(new LevelRun(level + 1, run(file, low, high, min, max)));
      }
    }
    if (edit.addedRuns.isEmpty()) {
      edit.addedFiles.clear();
    }
    return edit;
  }

  private @Nullable VersionEdit split(Version v) {
    int top = 1 + random.nextInt(v.levelCount());
    byte[] key = new byte[1 + random.nextInt(3)];
    random.nextBytes(key);
    if (v.level(top).guards().contains(key)) {
      return null;
    }
    VersionEdit edit = new VersionEdit();
    for (int level = top; level <= v.levelCount(); level++) {
      Guards guards = v.level(level).guards();
      if (guards.contains(key)) {
        break; // and so do all deeper ones
      }
      edit.addedGuards.add(new LevelGuard(level, key));
      for (Run run : v.level(level).slots().get(guards.slotOf(key)).runs()) {
        if (Keys.compare(run.low(), key) < 0
            && (run.high() == null || Keys.compare(key, run.high()) < 0)) {
          edit.removedRuns.add(new LevelRunId(level, run.id()));
          edit.addedRuns.add(new LevelRun(level, view(run, run.low(), key)));
          edit.addedRuns.add(new LevelRun(level, view(run, key, run.high())));
        }
      }
    }
    return edit;
  }

  private @Nullable VersionEdit join(Version v) {
    int level = 1 + random.nextInt(v.levelCount());
    Guards guards = v.level(level).guards();
    if (guards.size() == 0) {
      return null;
    }
    int g = random.nextInt(guards.size());
    if (level > 1 && v.level(level - 1).guards().contains(guards.key(g))) {
      return null;
    }
    VersionEdit edit = new VersionEdit();
    edit.removedGuards.add(new LevelGuard(level, guards.key(g)));
    List<Run> runs = new ArrayList<>(v.level(level).slots().get(g).runs());
    runs.addAll(v.level(level).slots().get(g + 1).runs());
    remove(edit, level, runs);
    long min = runs.stream().mapToLong(Run::minRevision).min().orElse(Long.MAX_VALUE);
    long max = runs.stream().mapToLong(Run::maxRevision).max().orElse(Long.MIN_VALUE);
    if (meetsOthers(v, level, guards.low(g), guards.high(g + 1), min, max)) {
      return null;
    }
    if (!runs.isEmpty()) {
      long file = file(edit);
      edit.addedRuns.add(
          new LevelRun(level, run(file, guards.low(g), guards.high(g + 1), min, max)));
    }
    return edit;
  }

  /**
   * Whether the interval of a joined run would reach into that of newer runs above or older ones
   * below, because its halves were filled and emptied at different times, or newer runs above reach
   * into older ones below: parts of one table, which only the guard keeps apart. Then a join must wait.
   */
  private static boolean meetsOthers(
      Version v, int level, byte[] low, byte @Nullable [] high, long min, long max) {
    long oldMax = Long.MIN_VALUE;
    long newMin = Long.MAX_VALUE;
    for (Run run : v.levelZero()) {
      newMin = run.overlaps(low, high) ? Math.min(newMin, run.minRevision()) : newMin;
    }
    for (int other = 1; other <= v.levelCount(); other++) {
      for (Slot slot : v.level(other).slots()) {
        for (Run run : slot.runs()) {
          if (run.overlaps(low, high)) {
            newMin = other < level ? Math.min(newMin, run.minRevision()) : newMin;
            oldMax = other > level ? Math.max(oldMax, run.maxRevision()) : oldMax;
          }
        }
      }
    }
    return newMin <= max || oldMax >= min || newMin <= oldMax;
  }

  private VersionEdit numbersOnly(Version v) {
    VersionEdit edit = new VersionEdit();
    edit.reservedRevision = Math.max(v.reservedRevision(), revision) + random.nextInt(1000);
    edit.retainedFloor = v.flushedRevision() == 0 ? 0 : random.nextLong(v.flushedRevision());
    if (random.nextBoolean()) {
      long before = edit.retainedFloor + random.nextInt(50);
      edit.gaps = RevisionGaps.NONE.plus(before, before + 1 + random.nextInt(100));
    }
    return edit;
  }

  private static void remove(VersionEdit edit, int level, List<Run> runs) {
    runs.forEach(r -> edit.removedRuns.add(new LevelRunId(level, r.id())));
  }

  private long file(VersionEdit edit) {
    long number = numbers.getAsLong();
    long size = random.nextLong(1L << (1 + random.nextInt(60)));
    edit.addedFiles.add(new TableFile(number, size, size / 7, size / 9, size / 2));
    return number;
  }

  private Run view(Run of, byte[] low, byte @Nullable [] high) {
    return run(of.fileNumber(), low, high, of.minRevision(), of.maxRevision());
  }

  private Run run(long file, byte[] low, byte @Nullable [] high, long min, long max) {
    Burden burden =
        new Burden(
            random.nextInt(1000),
            random.nextInt(1000),
            random.nextInt(100),
            random.nextInt(100),
            random.nextInt(1 << 20));
    return new Run(
        numbers.getAsLong(),
        file,
        low,
        high,
        new RunFigures(
            min,
            max,
            random.nextInt(1000),
            random.nextInt(9),
            random.nextInt(1 << 26),
            random.nextInt(1001),
            random.nextLong(1L << 42)),
        burden);
  }
}
