package dev.atll.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.base.Keys;
import dev.atll.kernel.Action;
import dev.atll.kernel.Change;
import dev.atll.kernel.Drop;
import dev.atll.kernel.Outcome;
import dev.atll.kernel.Place;
import dev.atll.kernel.Plan;
import dev.atll.kernel.Shape;
import dev.atll.observe.event.ActionKind;
import dev.atll.tree.RunViews;
import dev.atll.tree.VersionShape;
import dev.atll.version.Burden;
import dev.atll.version.RandomEdits;
import dev.atll.version.Run;
import dev.atll.version.RunFigures;
import dev.atll.version.TableFile;
import dev.atll.version.Version;
import dev.atll.version.VersionEdit;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The kernel says where runs lie by position, a version finds them by key and revision: on random
 * trees, under random actions, both come to the same.
 */
final class KernelTest {
  private static final int LEVELS = 4;
  private static final int SEEDS = Integer.getInteger("seeds", 100);
  private static final int EDITS = 60;
  // No table is asked: what a run shows is imagined.
  private static final RunViews VIEWS = new RunViews(null, () -> 1);
  private static final JobPlanner PLANNER = new JobPlanner(VIEWS);

  private final AtomicLong numbers = new AtomicLong(1);
  private final Map<ActionKind, Integer> done =
      new EnumMap<>(ActionKind.class);

  @Test
  void versionsBecomeWhatTheKernelSays() {
    for (long seed = 1; seed <= SEEDS; seed++) {
      Random random = new Random(seed);
      RandomEdits edits = new RandomEdits(random, numbers::getAndIncrement);
      Version v = Version.empty(LEVELS);
      for (int i = 0; i < EDITS; i++) {
        v = v.apply(edits.next(v));
        carryOut(v, random); // and goes on without: the random edits rely on their own order
      }
    }
    for (ActionKind kind :
        List.of(
            ActionKind.ADMIT,
            ActionKind.MERGE,
            ActionKind.MERGE_DOWN,
            ActionKind.MOVE_DOWN,
            ActionKind.GUARD_ADD,
            ActionKind.GUARD_REMOVE,
            ActionKind.PURGE)) {
      assertTrue(done.getOrDefault(kind, 0) > SEEDS / 2, () -> done.toString());
    }
  }

  private void carryOut(Version v, Random random) {
    int level = 1 + random.nextInt(LEVELS);
    int slot = random.nextInt(v.level(level).slots().size());
    int held = v.level(level).slots().get(slot).runs().size();
    int first = held == 0 ? 0 : random.nextInt(held);
    int last = first + (held == 0 ? 0 : random.nextInt(held - first));
    Action action =
        switch (random.nextInt(7)) {
          case 0 -> new Action.Merge(level, slot, first, last);
          case 1 -> new Action.Promote(level, slot, first, random.nextInt(4));
          case 2 -> new Action.Move(level, slot, first);
          case 3 -> new Action.Split(level, slot);
          case 4 -> new Action.Join(level, slot);
          case 5 -> new Action.Admit(1 + random.nextInt(3));
          default -> new Drop(level, slot, first);
        };
    Seen before = new Seen(v);
    if (action.level() > 0 && !action.fits(held)) {
      return;
    }
    Plan<Run> plan = action.plan(before);
    if (plan == null || (plan.joins() && PLANNER.job(v, plan, 1, 1) == null)) {
      return; // what a join must wait for is the planner's matter
    }
    Version now = v;
    if (plan.way() == Plan.Way.WRITE && !plan.joins() && random.nextBoolean()) {
      now = admitted(v); // a newer run may come while the job is under way
    }
    Seen tree = new Seen(now);
    byte[] key = {(byte) random.nextInt(256), (byte) random.nextInt(256)};
    if (plan.way() == Plan.Way.CUT && isOutside(now, action, key)) {
      return;
    }
    VersionEdit edit = new VersionEdit();
    Change<Run> change = plan.apply(tree, new Imagined(tree, plan, key, edit));
    VersionEdit shape = tree.keys.edit(change, plan.way() == Plan.Way.CUT ? key : null);
    shape.addedFiles.addAll(edit.addedFiles);
    Version next = now.apply(shape);
    check(now, next, change);
    done.merge(action.kind(), 1, Integer::sum);
  }

  private static boolean isOutside(Version v, Action action, byte[] key) {
    byte[] high = v.level(action.level()).guards().high(action.slot());
    return Keys.compare(key, v.level(action.level()).guards().low(action.slot())) <= 0
        || (high != null && Keys.compare(key, high) >= 0);
  }

  private Version admitted(Version v) {
    Seen tree = new Seen(v);
    Plan<Run> plan = new Action.Admit(64).plan(tree);
    return plan == null
        ? v
        : v.apply(
            tree.keys.edit(
                plan.apply(tree, new Imagined(tree, plan, Keys.EMPTY, new VersionEdit())), null));
  }

  private static void check(Version now, Version next, Change<Run> change) {
    VersionShape after = new VersionShape(next, VIEWS);
    Set<Place> touched = new HashSet<>();
    for (Change.Touched<Run> slot : change.touched()) {
      touched.add(slot.place());
      Place joined = change.joined();
      if (joined != null && !slot.place().equals(joined)) {
        continue; // gone
      }
      assertEquals(slot.after(), after.runs(slot.place()), slot.place()::toString);
    }
    for (Change.Divided<Run> slot : change.divided()) {
      Place left = slot.place();
      assertEquals(slot.left(), after.runs(left));
      assertEquals(slot.right(), after.runs(new Place(left.level(), left.slot() + 1)));
    }
    for (int level = 1; level <= now.levelCount(); level++) {
      int shift = 0;
      for (int s = 0; s < now.level(level).slots().size(); s++) {
        Place place = new Place(level, s);
        if (place.equals(change.joined())) {
          shift = -1;
          s++; // the next one is gone
        } else if (change.divided().stream().anyMatch(d -> d.place().equals(place))) {
          shift = 1;
        } else if (!touched.contains(place)) {
          assertSame(
              now.level(level).slots().get(s),
              next.level(level).slots().get(s + shift),
              place::toString);
        }
      }
    }
  }

  @Test
  void aPlanWhoseLeaseWasNotKeptIsRefused() {
    RandomEdits edits = new RandomEdits(new Random(1), numbers::getAndIncrement);
    Version v = Version.empty(2);
    while (v.level(1).slots().get(0).runs().isEmpty()) {
      v = v.apply(edits.next(v));
    }
    Seen tree = new Seen(v);
    Plan<Run> plan = new Action.Merge(1, 0, 0, 0).plan(tree);
    Plan<Run> drop = new Drop(1, 0, 0).plan(tree);
    Outcome<Run> outcome = new Imagined(tree, drop, Keys.EMPTY, new VersionEdit());
    Seen without = new Seen(v.apply(tree.keys.edit(drop.apply(tree, outcome), null)));
    assertThrows(IllegalStateException.class, () -> plan.apply(without, outcome));
  }

  /** A version whose runs show something wherever they reach. */
  private static final class Seen implements Shape<Run> {
    final VersionShape keys;

    Seen(Version version) {
      keys = new VersionShape(version, VIEWS);
    }

    @Override
    public int levelCount() {
      return keys.levelCount();
    }

    @Override
    public int slotCount(int level) {
      return keys.slotCount(level);
    }

    @Override
    public List<Run> runs(Place place) {
      return keys.runs(place);
    }

    @Override
    public int firstChild(int level, int slot) {
      return keys.firstChild(level, slot);
    }

    @Override
    public boolean shows(Run run, Place place) {
      return run.overlaps(keys.low(place), keys.high(place));
    }
  }

  /** Runs without data. */
  private final class Imagined implements Outcome<Run> {
    private final Seen tree;
    private final Plan<Run> plan;
    private final byte[] key;
    private final VersionEdit edit;

    Imagined(Seen tree, Plan<Run> plan, byte[] key, VersionEdit edit) {
      this.tree = tree;
      this.plan = plan;
      this.key = key;
      this.edit = edit;
    }

    @Override
    public Run written(Plan.Target<Run> target) {
      int last = plan.joins() ? target.place().slot() + 1 : target.place().slot();
      byte[] low = tree.keys.low(target.place());
      byte[] high = tree.keys.high(new Place(target.place().level(), last));
      List<Run> group = target.group().stream().filter(run -> run.overlaps(low, high)).toList();
      long min = group.stream().mapToLong(Run::minRevision).min().orElseThrow();
      long max = group.stream().mapToLong(Run::maxRevision).max().orElseThrow();
      long file = numbers.getAndIncrement();
      edit.addedFiles.add(new TableFile(file, 100, 1, 0, 100));
      return run(file, low, high, min, max);
    }

    @Override
    public @Nullable Run view(Run run, Place place) {
      return clip(run, tree.keys.low(place), tree.keys.high(place));
    }

    @Override
    public int divided(int level) {
      return tree.keys.cuttingAt(key).divided(level);
    }

    @Override
    public @Nullable Run half(Run run, Place divided, boolean left) {
      byte[] high = run.high();
      boolean crosses =
          Keys.compare(run.low(), key) < 0 && (high == null || Keys.compare(key, high) < 0);
      if (!crosses) {
        return tree.keys.cuttingAt(key).half(run, divided, left);
      }
      return left ? clip(run, run.low(), key) : clip(run, key, high);
    }

    private @Nullable Run clip(Run run, byte[] low, byte @Nullable [] high) {
      if (!run.overlaps(low, high)) {
        return null;
      }
      byte[] from = Keys.compare(low, run.low()) > 0 ? low : run.low();
      byte[] end = run.high();
      byte[] to = end == null || (high != null && Keys.compare(high, end) < 0) ? high : end;
      return run(run.fileNumber(), from, to, run.minRevision(), run.maxRevision());
    }

    private Run run(long file, byte[] low, byte @Nullable [] high, long min, long max) {
      return new Run(
          numbers.getAndIncrement(),
          file,
          low,
          high,
          new RunFigures(min, max, 1, 0, 100, 0, 0),
          new Burden());
    }
  }
}
