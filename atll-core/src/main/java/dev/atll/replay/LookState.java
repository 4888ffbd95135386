package dev.atll.replay;

import dev.atll.policy.LevelFacts;
import dev.atll.policy.RunFacts;
import dev.atll.policy.SlotFacts;
import dev.atll.policy.TreeSnapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What both ends of the log know of the look before, and what they expect of the next: encoder and
 * decoder predict alike, and only what turns out otherwise is written.
 */
final class LookState {
  /** Fields of a run in the order of the mask's bits. */
  static final int RUN_FIELDS = 15;

  private static final int AGE = 4;

  /** A level's own numbers. */
  record LevelShape(long bytesTarget, int slotCountTarget, List<Long> slotIds) {}

  /** A slot's own numbers; level 0 stands as slot 0. */
  record SlotShape(boolean leased, boolean splittable, int first, int last, List<Long> runIds) {
    static final SlotShape NONE = new SlotShape(false, false, 0, 0, List.of());
  }

  /** Decayed counts of a slot. */
  record Heat(double gets, double seeks, double bytes) {
    static final Heat NONE = new Heat(0, 0, 0);

    static Heat of(SlotFacts slot) {
      return new Heat(slot.getHeat(), slot.seekHeat(), slot.writeHeat());
    }
  }

  final List<LevelShape> levels = new ArrayList<>();
  final Map<Long, SlotShape> slots = new HashMap<>();
  final Map<Long, Heat> heats = new HashMap<>();
  // Fields of each run, by its id.
  final Map<Long, long[]> runs = new HashMap<>();

  void forget() {
    levels.clear();
    slots.clear();
    heats.clear();
    runs.clear();
  }

  LevelShape level(int index) {
    return index < levels.size() ? levels.get(index) : new LevelShape(0, 0, List.of());
  }

  SlotShape slot(long slotId) {
    return slots.getOrDefault(slotId, SlotShape.NONE);
  }

  Heat heat(long slotId) {
    return heats.getOrDefault(slotId, Heat.NONE);
  }

  /** What the fields of a run should be now; zeros for a new one. */
  long[] expectedRun(long runId, long agedMillis) {
    long[] before = runs.get(runId);
    if (before == null) {
      return new long[RUN_FIELDS];
    }
    long[] now = before.clone();
    if (now[AGE] > 0) {
      now[AGE] += agedMillis;
    }
    return now;
  }

  /** Takes a look as the one before the next. */
  void take(TreeSnapshot now, Map<Long, RevisionSpan> spans) {
    forget();
    slots.put(0L, new SlotShape(false, false, 0, 0, ids(now.levelZero())));
    takeRuns(now.levelZero(), spans);
    for (LevelFacts level : now.levels()) {
      levels.add(shape(level));
      for (SlotFacts slot : level.slots()) {
        slots.put(slot.slotId(), shape(slot));
        heats.put(slot.slotId(), Heat.of(slot));
        takeRuns(slot.runs(), spans);
      }
    }
  }

  private void takeRuns(List<RunFacts> facts, Map<Long, RevisionSpan> spans) {
    for (RunFacts run : facts) {
      runs.put(run.runId(), fields(run, Objects.requireNonNull(spans.get(run.runId()))));
    }
  }

  static LevelShape shape(LevelFacts level) {
    List<Long> ids = new ArrayList<>(level.slots().size());
    level.slots().forEach(slot -> ids.add(slot.slotId()));
    return new LevelShape(level.bytesTarget(), level.slotCountTarget(), ids);
  }

  static SlotShape shape(SlotFacts slot) {
    return new SlotShape(
        slot.leased(), slot.splittable(), slot.firstChild(), slot.lastChild(), ids(slot.runs()));
  }

  static List<Long> ids(List<RunFacts> runs) {
    List<Long> ids = new ArrayList<>(runs.size());
    runs.forEach(run -> ids.add(run.runId()));
    return ids;
  }

  static long[] fields(RunFacts run, RevisionSpan span) {
    return new long[] {
      run.bytes(),
      run.entries(),
      run.tombstones(),
      run.overwritePermille(),
      run.tombstoneAgeMillis(),
      run.retained() ? 1 : 0,
      run.fileDeadPermille(),
      run.probes(),
      run.missProbes(),
      run.falsePositives(),
      run.missFalsePositives(),
      run.seeks(),
      span.first(),
      span.last(),
      run.missNanos()
    };
  }

  static RunFacts run(long runId, long[] f) {
    return new RunFacts(
        runId, f[0], f[1], f[2], (int) f[3], f[4], f[5] != 0, (int) f[6], f[7], f[8], f[9], f[10],
        f[11], f[14]);
  }

  static RevisionSpan span(long[] fields) {
    return new RevisionSpan(fields[12], fields[13]);
  }


  /**
   * A heat one look later. Addition and multiplication of doubles give the same bits everywhere, so
   * that whole numbers of visits are enough to repeat it.
   */
  static Heat grown(Heat was, double decay, long gets, long seeks, long bytes) {
    return new Heat(was.gets() * decay + gets, was.seeks() * decay + seeks, was.bytes() * decay + bytes);
  }

  /** How much older deletions are by a run that has one in both looks; 0 if there is none. */
  long agedMillis(TreeSnapshot now) {
    for (LevelFacts level : now.levels()) {
      for (SlotFacts slot : level.slots()) {
        for (RunFacts run : slot.runs()) {
          long[] before = runs.get(run.runId());
          if (before != null && before[AGE] > 0 && run.tombstoneAgeMillis() > 0) {
            return run.tombstoneAgeMillis() - before[AGE];
          }
        }
      }
    }
    return 0;
  }
}
