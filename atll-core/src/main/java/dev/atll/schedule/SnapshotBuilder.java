package dev.atll.schedule;

import dev.atll.api.Options;
import dev.atll.policy.LevelFacts;
import dev.atll.policy.PolicySettings;
import dev.atll.policy.RunFacts;
import dev.atll.policy.SlotFacts;
import dev.atll.policy.TreeIndex;
import dev.atll.policy.TreeSnapshot;
import dev.atll.policy.UnitCosts;
import dev.atll.tree.ReadRun;
import dev.atll.tree.ReadSlot;
import dev.atll.tree.ReadState;
import dev.atll.tree.ReadTree;
import dev.atll.tree.SlotHeat;
import dev.atll.version.Guards;
import dev.atll.version.Level;
import dev.atll.version.Run;
import dev.atll.version.Slot;
import dev.atll.version.TableFile;
import dev.atll.version.Version;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what policies see of the tree, from look to look: a look goes through the slots that edits changed,
 * that reads or bytes came to, or whose lease or table's dead share changed. Heat decays by operations, not
 * by time, so that the same history gives the same: a count halves with each half-life of operations
 * on the store. Guarded by the scheduler's lock.
 */
final class SnapshotBuilder {
  /** What decides how a look sees the tree, beside the tree. */
  record View(
      long operations,
      UnitCosts costs,
      double theta,
      List<Integer> uniformRuns,
      long droppableUpTo,
      long nowMillis) {}

  /** What is known of a slot. */
  private static final class Line {
    final SlotHeat heat;
    final RunLines.Slot runs = new RunLines.Slot();
    long gets;
    long seeks;
    long bytes;

    /** Of a slot that was not known; cold if that is because all was forgotten. */
    Line(SlotHeat heat, boolean cold) {
      this.heat = heat;
      this.gets = cold ? heat.gets() : 0;
      this.seeks = cold ? heat.seeks() : 0;
      this.bytes = cold ? heat.bytesIn() : 0;
    }
  }

  /** What is known of a level. */
  private static final class Shape {
    @Nullable Level level;
    Line[] lines = {};
    long[] numbers = {};
    BitSet held = new BitSet();
    // Slots that this look goes through, and those of them that something was counted of.
    final BitSet touched = new BitSet();
    final BitSet warmed = new BitSet();
  }

  private final PolicySettings settings;
  private final BlockPrices prices;
  private final double halfLifeOps;
  private final SlotNumbers numbers = new SlotNumbers();
  private RunLines lines = new RunLines();
  private RunLines.Slot levelZero = new RunLines.Slot();
  private TreeIndex index;
  private List<Shape> shapes = new ArrayList<>();
  private final List<SlotHeat> gone = new ArrayList<>();
  private final List<Leases.SlotKey> other = new ArrayList<>();
  private long opsAtLast;
  private double decay = 1;
  private boolean whole = true;

  SnapshotBuilder(Options options, BlockPrices prices) {
    this.settings =
        new PolicySettings(
            options.memtableBytes(),
            options.fanout(),
            options.slotBytes(),
            options.runsCap(),
            options.spaceAmplificationMax(),
            options.compaction().deleteDeadlineMillis(),
            options.tombstonePermille(),
            options.runsPerReadMax());
    this.prices = prices;
    this.halfLifeOps = options.heatHalfLifeOps();
    this.index = new TreeIndex(settings);
  }

  /** The factor by which heat decayed from the look before to the last one. */
  double decay() {
    return decay;
  }

  /** Whether a slot can be split has changed, and nothing else of it. */
  void touch(Leases.SlotKey slot) {
    other.add(slot);
  }

  /** The slots that went since this was last asked. */
  List<SlotHeat> gone() {
    List<SlotHeat> slots = List.copyOf(gone);
    gone.clear();
    return slots;
  }

  /**
   * The tree of the next look.
   *
   * @param leased ranks of a level's slots that no action may name
   */
  TreeSnapshot look(
      ReadState state,
      View view,
      BiFunction<Integer, Guards, BitSet> leased,
      Predicate<Slot> splittable) {
    boolean fresh = !whole;
    if (fresh) {
      // A look came to nothing on the way, for want of memory say: what is known may be in part.
      lines = new RunLines();
      levelZero = new RunLines.Slot();
      index = new TreeIndex(settings);
      shapes = new ArrayList<>();
    }
    whole = false;
    decay = Math.pow(0.5, (view.operations() - opsAtLast) / halfLifeOps);
    opsAtLast = view.operations();
    index.begin(decay, view.droppableUpTo(), view.nowMillis());
    Version version = state.version();
    ReadTree tree = state.tree();
    findChanges(version, tree, fresh);
    findVisits(version, tree);
    findLeases(version, leased);
    TreeSnapshot now = put(version, tree, view, splittable);
    whole = true;
    return now;
  }

  @SuppressWarnings("ReferenceEquality") // what an edit did not touch is the same object
  private void findChanges(Version version, ReadTree tree, boolean fresh) {
    boolean cut = false;
    for (int i = 1; i <= version.levelCount(); i++) {
      if (i > shapes.size()) {
        shapes.add(new Shape());
      }
      Shape shape = shapes.get(i - 1);
      Level level = version.level(i);
      Level before = shape.level;
      if (before == null || before.guards() != level.guards()) {
        reshape(i, shape, level, tree.levels()[i - 1].slots(), version, fresh);
        cut = true;
      } else if (before != level) {
        level.forEachChangeFrom(before, shape.touched::set);
      }
      shape.level = level;
    }
    for (int i = 1; cut && i <= version.levelCount(); i++) {
      index.nest(
          i,
          i < version.levelCount()
              ? version.level(i).guards().startsIn(version.level(i + 1).guards())
              : new int[0]);
    }
  }

  /** Slots were cut or joined: those that stay are known by their numbers. */
  @SuppressWarnings("ReferenceEquality") // what an edit did not touch is the same object
  private void reshape(
      int level, Shape shape, Level now, ReadSlot[] slots, Version version, boolean fresh) {
    long[] known = shape.numbers;
    long[] next = numbers.of(level, now.guards());
    long newest = 0;
    for (long number : known) {
      newest = Math.max(newest, number);
    }
    Line[] lineOf = new Line[slots.length];
    int[] from = new int[slots.length];
    BitSet held = new BitSet();
    BitSet touched = new BitSet();
    BitSet warmed = new BitSet();
    Level before = shape.level;
    int at = 0;
    for (int s = 0; s < slots.length; s++) {
      if (next[s] <= newest) {
        while (known[at] != next[s]) {
          drop(level, shape.lines[at++], version);
        }
        if (shape.lines[at].heat != slots[s].heat()) {
          drop(level, shape.lines[at++], version); // it went and came again meanwhile
        } else {
          from[s] = at;
          lineOf[s] = shape.lines[at];
          held.set(s, shape.held.get(at));
          if (before == null || before.slots().get(at) != now.slots().get(s)) {
            touched.set(s);
          }
          at++;
          continue;
        }
      }
      from[s] = -1;
      lineOf[s] = new Line(slots[s].heat(), fresh);
      warmed.set(s);
      touched.set(s);
    }
    while (at < known.length) {
      drop(level, shape.lines[at++], version);
    }
    shape.lines = lineOf;
    shape.numbers = next;
    shape.held = held;
    shape.warmed.clear();
    shape.warmed.or(warmed);
    shape.touched.clear();
    shape.touched.or(touched);
    index.reshape(level, from);
  }

  private void drop(int level, Line line, Version version) {
    lines.show(line.runs, level, List.of(), version);
    gone.add(line.heat);
  }

  /** Slots that something was counted of. */
  private void findVisits(Version version, ReadTree tree) {
    tree.touched()
        .drain(
            heat -> {
              int rank = rank(version, heat.level(), heat.low());
              // One that a newer version has is met when that is looked at, with all its counts.
              if (rank >= 0 && shapes.get(heat.level() - 1).lines[rank].heat == heat) {
                shapes.get(heat.level() - 1).warmed.set(rank);
              }
            });
    for (int i = 1; i <= shapes.size(); i++) {
      Shape shape = shapes.get(i - 1);
      shape.touched.or(shape.warmed);
      BitSet warmed = shape.warmed;
      for (int s = warmed.nextSetBit(0); s >= 0; s = warmed.nextSetBit(s + 1)) {
        Line line = shape.lines[s];
        long gets = line.heat.gets();
        long seeks = line.heat.seeks();
        long bytes = line.heat.bytesIn();
        index.heat(i, s, gets - line.gets, seeks - line.seeks, bytes - line.bytes);
        line.gets = gets;
        line.seeks = seeks;
        line.bytes = bytes;
      }
      warmed.clear();
    }
  }

  private static int rank(Version version, int level, byte[] low) {
    Guards guards = version.level(level).guards();
    int rank = guards.slotOf(low);
    return Arrays.equals(guards.low(rank), low) ? rank : -1;
  }

  private void findLeases(Version version, BiFunction<Integer, Guards, BitSet> leased) {
    for (int i = 1; i <= shapes.size(); i++) {
      Shape shape = shapes.get(i - 1);
      BitSet held = leased.apply(i, version.level(i).guards());
      shape.held.xor(held);
      shape.touched.or(shape.held);
      shape.held = held;
    }
    for (Leases.SlotKey slot : other) {
      int rank = slot.rankAt(slot.level(), version.level(slot.level()).guards());
      if (rank >= 0) {
        shapes.get(slot.level() - 1).touched.set(rank);
      }
    }
    other.clear();
  }

  private TreeSnapshot put(
      Version version, ReadTree tree, View view, Predicate<Slot> splittable) {
    for (int i = 1; i <= shapes.size(); i++) {
      Shape shape = shapes.get(i - 1);
      BitSet touched = shape.touched;
      for (int s = touched.nextSetBit(0); s >= 0; s = touched.nextSetBit(s + 1)) {
        lines.show(shape.lines[s].runs, i, version.level(i).slots().get(s).runs(), version);
      }
    }
    lines.show(levelZero, 0, version.levelZero(), version);
    lines.shown(
        (level, key) -> {
          if (level > 0) {
            shapes.get(level - 1).touched.set(version.level(level).guards().slotOf(key));
          }
        });
    for (int i = 1; i <= shapes.size(); i++) {
      Shape shape = shapes.get(i - 1);
      BitSet touched = shape.touched;
      for (int s = touched.nextSetBit(0); s >= 0; s = touched.nextSetBit(s + 1)) {
        RunLines.Slot runs = shape.lines[s].runs;
        ReadRun[] open = tree.levels()[i - 1].slots()[s].runs();
        List<RunFacts> facts =
            lines.facts(
                runs, view.droppableUpTo(), view.nowMillis(), r -> prices.missNanos(open[r]));
        index.put(
            i,
            s,
            shape.numbers[s],
            shape.held.get(s),
            splittable.test(version.level(i).slots().get(s)),
            facts,
            runs.deletionsSince(),
            runs.maxRevisions());
      }
      touched.clear();
    }
    return index.snapshot(
        view.costs(),
        view.theta(),
        view.uniformRuns(),
        lines.facts(
            levelZero,
            view.droppableUpTo(),
            view.nowMillis(),
            r -> prices.missNanos(tree.levelZero()[r])));
  }

  /**
   * The tree as it is now, in a snapshot of its own. Leaves no trace: how often somebody watches must not
   * change, not even by rounding, what the next decision sees.
   */
  TreeSnapshot peek(
      ReadState state,
      View view,
      BiFunction<Integer, Guards, BitSet> leased,
      Predicate<Slot> splittable) {
    Version version = state.version();
    double since = Math.pow(0.5, (view.operations() - opsAtLast) / halfLifeOps);
    Map<Long, long[]> shown = new HashMap<>();
    forEachRun(
        version, r -> shown.computeIfAbsent(r.fileNumber(), f -> new long[1])[0] += r.entries());
    List<LevelFacts> levels = new ArrayList<>();
    double target = settings.memtableBytes();
    for (int i = 1; i <= version.levelCount(); i++) {
      target = Math.min(Long.MAX_VALUE / 4.0, target * settings.fanout());
      Guards guards = version.level(i).guards();
      int[] starts =
          i < version.levelCount() ? guards.startsIn(version.level(i + 1).guards()) : null;
      BitSet held = leased.apply(i, guards);
      long[] ids = numbers.of(i, guards);
      IdentityHashMap<SlotHeat, Integer> known = new IdentityHashMap<>();
      Line[] before = i <= shapes.size() ? shapes.get(i - 1).lines : new Line[0];
      for (int s = 0; s < before.length; s++) {
        known.put(before[s].heat, s);
      }
      List<SlotFacts> facts = new ArrayList<>();
      for (int s = 0; s < guards.slotCount(); s++) {
        Slot slot = version.level(i).slots().get(s);
        SlotHeat heat = state.tree().levels()[i - 1].slots()[s].heat();
        Integer at = known.get(heat);
        Line line = at == null ? new Line(heat, false) : before[at];
        List<RunFacts> runs = new ArrayList<>();
        for (Run run : slot.runs()) {
          runs.add(facts(run, line.runs, version, shown, view));
        }
        facts.add(
            new SlotFacts(
                i,
                s,
                ids[s],
                held.get(s),
                splittable.test(slot),
                starts == null ? -1 : starts[s],
                starts == null ? -1 : starts[s + 1] - 1,
                (at == null ? 0 : index.gets(i, at) * since) + (heat.gets() - line.gets),
                (at == null ? 0 : index.seeks(i, at) * since) + (heat.seeks() - line.seeks),
                (at == null ? 0 : index.writes(i, at) * since) + (heat.bytesIn() - line.bytes),
                runs));
      }
      levels.add(LevelFacts.of(i, (long) target, settings, facts));
    }
    List<RunFacts> zero = new ArrayList<>();
    for (Run run : version.levelZero()) {
      zero.add(facts(run, levelZero, version, shown, view));
    }
    return new TreeSnapshot(
        settings, view.costs(), view.theta(), view.uniformRuns(), zero, levels);
  }

  private static RunFacts facts(
      Run run, RunLines.Slot slot, Version version, Map<Long, long[]> shown, View view) {
    TableFile file = version.files().get(run.fileNumber());
    long[] live = shown.get(run.fileNumber());
    int dead =
        file == null || live == null ? 0 : RunLines.deadPermille(file.entries(), live[0]);
    return RunLines.of(
        run, dead, view.droppableUpTo(), view.nowMillis(), slot.missNanos(run));
  }

  private static void forEachRun(Version version, Consumer<Run> action) {
    version.levelZero().forEach(action);
    for (int i = 1; i <= version.levelCount(); i++) {
      version.level(i).slots().forEach(slot -> slot.runs().forEach(action));
    }
  }
}
