package dev.atll.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.base.Keys;
import dev.atll.compact.JobPlan;
import dev.atll.kernel.Action;
import dev.atll.kernel.Plan;
import dev.atll.tree.RunViews;
import dev.atll.tree.VersionShape;
import dev.atll.version.Burden;
import dev.atll.version.Guards;
import dev.atll.version.RandomEdits;
import dev.atll.version.Run;
import dev.atll.version.RunFigures;
import dev.atll.version.Slot;
import dev.atll.version.TableFile;
import dev.atll.version.Version;
import dev.atll.version.VersionEdit;
import dev.atll.version.VersionEdit.LevelRun;
import dev.atll.version.VersionEdit.LevelRunId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Plans over random trees, judged key by key: by every run that covers a key, wherever it lies. */
final class JobPlannerTest {
  private static final int LEVELS = 4;
  private static final int SEEDS = Integer.getInteger("seeds", 200);
  private static final int EDITS = 60;
  private static final int EDITS_AFTER = 25;

  // Merges and joins look at no table.
  private static final RunViews VIEWS = new RunViews(null, () -> Long.MAX_VALUE);
  private static final JobPlanner PLANNER = new JobPlanner(VIEWS);

  private static JobPlanner.@Nullable Leased planned(Version version, Action action) {
    Plan<Run> plan = action.plan(new VersionShape(version, VIEWS));
    return plan == null ? null : PLANNER.job(version, plan, 1, 1);
  }

  private final AtomicLong numbers = new AtomicLong(1);
  private int merges;
  private int joins;
  private int installed;
  private int refused;

  @Test
  void aPlanKnowsAllOlderRunsAndTheOldestDeletion() {
    inRandomTrees(
        at -> {
          Version v = at.version();
          int runs = v.level(at.level()).slots().get(at.slot()).runs().size();
          if (runs > 0) {
            int first = at.random().nextInt(runs);
            int last = first + at.random().nextInt(runs - first);
            Action.Merge merge = new Action.Merge(at.level(), at.slot(), first, last);
            check(v, planned(v, merge).plan(), at.seed());
            merges++;
          }
          JobPlanner.Leased join = at.join();
          if (join != null) {
            check(v, join.plan(), at.seed());
            joins++;
          }
        });
    assertTrue(merges > 10 * SEEDS && joins > SEEDS, () -> merges + " merges, " + joins + " joins");
  }

  @Test
  void aJoinThatStillFitsBreaksNoOrderNowOrLater() {
    inRandomTrees(
        at -> {
          JobPlanner.Leased join = at.join();
          if (join != null) {
            installLater(at.version(), join.plan(), at.edits(), at.random(), at.seed());
          }
        });
    assertTrue(
        installed > SEEDS && refused > SEEDS / 4,
        () -> installed + " installed, " + refused + " refused");
  }

  /** A slot of a tree that random edits have made. */
  private record At(
      long seed, Random random, RandomEdits edits, Version version, int level, int slot) {
    JobPlanner.@Nullable Leased join() {
      return planned(version, new Action.Join(level, slot));
    }
  }

  private void inRandomTrees(Consumer<At> test) {
    for (long seed = 1; seed <= SEEDS; seed++) {
      Random random = new Random(seed);
      RandomEdits edits = new RandomEdits(random, numbers::getAndIncrement);
      Version v = Version.empty(LEVELS);
      for (int i = 0; i < EDITS; i++) {
        v = v.apply(edits.next(v));
        int level = 1 + random.nextInt(LEVELS);
        int slot = random.nextInt(v.level(level).slots().size());
        test.accept(new At(seed, random, edits, v, level, slot));
      }
    }
  }

  /** What goes on while a join is under way may only bring runs into its slots. */
  private void installLater(
      Version planned, JobPlan plan, RandomEdits edits, Random random, long seed) {
    Version v = planned;
    for (int n = random.nextInt(8); n > 0; n--) {
      VersionEdit edit = edits.next(v);
      if (leavesSlotsAlone(planned, plan, edit)) {
        v = v.apply(edit);
      }
    }
    if (!JobPlanner.joinStillFits(v, plan)) {
      refused++;
      return;
    }
    installed++;
    try {
      v = v.apply(editOf(plan));
      checkOrder(v);
      for (int i = 0; i < EDITS_AFTER; i++) {
        v = v.apply(edits.next(v));
        checkOrder(v);
      }
    } catch (IllegalArgumentException | AssertionError e) {
      throw new AssertionError("seed " + seed + ": " + plan, e);
    }
  }

  private static boolean leavesSlotsAlone(Version planned, JobPlan plan, VersionEdit edit) {
    Set<Long> inputs = new HashSet<>();
    plan.inputs().forEach(in -> inputs.add(in.run().id()));
    Guards guards = planned.level(plan.level()).guards();
    byte[] low = guards.low(plan.slot());
    byte[] high = guards.high(plan.slot() + 1);
    return edit.removedRuns.stream().noneMatch(r -> inputs.contains(r.runId()))
        && edit.addedGuards.stream()
            .noneMatch(g -> g.level() == plan.level() && isBetween(g.key(), low, high))
        && edit.removedGuards.stream()
            .noneMatch(
                g ->
                    g.level() == plan.level()
                        && (isBetween(g.key(), low, high) || Keys.compare(g.key(), high) == 0));
  }

  private static boolean isBetween(byte[] key, byte[] low, byte[] high) {
    return Keys.compare(key, low) >= 0 && (high == null || Keys.compare(key, high) < 0);
  }

  private VersionEdit editOf(JobPlan plan) {
    VersionEdit edit = new VersionEdit();
    plan.inputs().forEach(in -> edit.removedRuns.add(new LevelRunId(in.level(), in.run().id())));
    edit.removedGuards.add(new VersionEdit.LevelGuard(plan.level(), plan.removedGuard()));
    for (JobPlan.Target target : plan.targets()) {
      long file = numbers.getAndIncrement();
      edit.addedFiles.add(new TableFile(file, 1, 1, 1, 1));
      edit.addedRuns.add(
          new LevelRun(
              plan.targetLevel(),
              new Run(
                  numbers.getAndIncrement(),
                  file,
                  target.low(),
                  target.high(),
                  new RunFigures(
                      target.minRevision(),
                      target.maxRevision(),
                      1,
                      1,
                      1,
                      target.overwritePermille(),
                      target.deletionsSinceMillis()),
                  new Burden())));
    }
    return edit;
  }

  private static void check(Version v, JobPlan plan, long seed) {
    Set<Long> inputs = new HashSet<>();
    Set<Long> older = new HashSet<>();
    plan.inputs().forEach(in -> inputs.add(in.run().id()));
    plan.olderRuns().forEach(run -> older.add(run.id()));
    for (byte[] key : bounds(v)) {
      List<Run> here = covering(v, key);
      for (Run in : here) {
        for (Run other : here) {
          // A deletion in the one may hide what the other holds of the key.
          if (inputs.contains(in.id())
              && !inputs.contains(other.id())
              && other.maxRevision() < in.minRevision()) {
            assertTrue(
                older.contains(other.id()), () -> "seed " + seed + ": " + other + " in " + plan);
          }
        }
      }
    }
    for (JobPlan.Target target : plan.targets()) {
      List<Run> all = plan.inputs().stream().map(LevelRun::run).toList();
      long min = all.stream().mapToLong(Run::minRevision).min().orElseThrow();
      long max = all.stream().mapToLong(Run::maxRevision).max().orElseThrow();
      assertEquals(min, target.minRevision());
      assertEquals(max, target.maxRevision());
      long since =
          all.stream().mapToLong(Run::deletionsSinceMillis).filter(t -> t != 0).min().orElse(0);
      assertEquals(since, target.deletionsSinceMillis(), () -> "seed " + seed);
    }
  }

  /** Invariant I3 at each key: what lies above is newer as a whole. */
  private static void checkOrder(Version v) {
    for (byte[] key : bounds(v)) {
      List<Run> here = covering(v, key);
      for (int i = 1; i < here.size(); i++) {
        Run above = here.get(i - 1);
        Run below = here.get(i);
        assertTrue(above.minRevision() > below.maxRevision(), () -> above + " above " + below);
      }
    }
  }

  /** The runs that cover a key, from the top. */
  private static List<Run> covering(Version v, byte[] key) {
    List<Run> here = new ArrayList<>();
    for (Run run : v.levelZero()) {
      if (isBetween(key, run.low(), run.high())) {
        here.add(run);
      }
    }
    for (int level = 1; level <= v.levelCount(); level++) {
      for (Run run : v.level(level).slots().get(v.level(level).guards().slotOf(key)).runs()) {
        if (isBetween(key, run.low(), run.high())) {
          here.add(run);
        }
      }
    }
    return here;
  }

  /** Wherever the runs that cover a key change. */
  private static Set<byte[]> bounds(Version v) {
    Set<byte[]> keys = new TreeSet<>(Keys::compare);
    v.levelZero().forEach(run -> keys.add(run.low()));
    for (int level = 1; level <= v.levelCount(); level++) {
      for (Slot slot : v.level(level).slots()) {
        slot.runs().forEach(run -> keys.add(run.low()));
      }
    }
    return keys;
  }
}
