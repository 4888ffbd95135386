package dev.atll.policy;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A tree in memory that carries out what policies decide, with real keys, so that overwriting and
 * deleting have their true effects. Level 0 does not exist: a flushed run is admitted at once.
 */
final class PolicyModel {
  static final int KEYS_MAX = 1 << 20;

  /** A slot of the model. */
  static final class ModelSlot {
    final List<ModelRun> runs = new ArrayList<>();
    boolean leased;
    double getHeat;
    double seekHeat;
    double writeHeat;

    long bytes() {
      return runs.stream().mapToLong(ModelRun::bytes).sum();
    }
  }

  /** A level of the model: guards.size() + 1 slots. */
  static final class ModelLevel {
    final List<Integer> guards = new ArrayList<>();
    final List<ModelSlot> slots = new ArrayList<>(List.of(new ModelSlot()));

    int low(int slot) {
      return slot == 0 ? 0 : guards.get(slot - 1);
    }

    int high(int slot) {
      return slot == guards.size() ? KEYS_MAX : guards.get(slot);
    }

    int slotOf(int key) {
      int found = Collections.binarySearch(guards, key);
      return found >= 0 ? found + 1 : -found - 1;
    }
  }

  final PolicySettings settings;
  final UnitCosts costs;
  final List<ModelLevel> levels = new ArrayList<>();
  long bytesFlushed;
  long bytesWritten;
  long bytesRead;
  private boolean flushing;

  PolicyModel(PolicySettings settings, UnitCosts costs, int levelCount) {
    this.settings = settings;
    this.costs = costs;
    for (int i = 0; i < levelCount; i++) {
      levels.add(new ModelLevel());
    }
  }

  ModelLevel level(int level) {
    return levels.get(level - 1);
  }

  ModelSlot slot(int level, int rank) {
    return level(level).slots.get(rank);
  }

  // ---- what comes from outside

  /** Writes a run and admits it to level 1 without a further write. */
  void flush(ModelRun run) {
    bytesFlushed += run.bytes();
    flushing = true;
    addNewest(1, run);
    flushing = false;
  }

  /** Adds a newest run to all slots of a level that it has keys for. */
  private void addNewest(int level, ModelRun run) {
    ModelLevel l = level(level);
    for (int s = 0; s < l.slots.size(); s++) {
      ModelRun part = run.part(l.low(s), l.high(s));
      if (part.keys.length > 0) {
        ModelSlot slot = l.slots.get(s);
        slot.runs.addFirst(part);
        slot.writeHeat += part.bytes();
        checkCap(slot);
      }
    }
  }

  /** No action may fill a slot beyond the cap; flushes may, since here nothing holds them back. */
  private void checkCap(ModelSlot slot) {
    assertTrue(
        flushing || slot.runs.size() <= settings.runsCap(), "a slot above the cap of runs");
  }

  /** Counts what one get costs, with a filter that lets one vain probe in a hundred read a block. */
  void get(int key, long times) {
    ModelRun before = null;
    for (ModelLevel l : levels) {
      l.slots.get(l.slotOf(key)).getHeat += times;
      for (ModelRun run : l.slots.get(l.slotOf(key)).runs) {
        if (before != null) {
          before.probes += times;
          before.falsePositives += times / 100;
        }
        before = run;
        if (run.find(key) >= 0) {
          return;
        }
      }
    }
  }

  /** Counts what seeks to a key cost. */
  void seek(int key, long times) {
    ModelRun before = null;
    for (ModelLevel l : levels) {
      l.slots.get(l.slotOf(key)).seekHeat += times;
      for (ModelRun run : l.slots.get(l.slotOf(key)).runs) {
        if (before != null) {
          before.seeks += times;
        }
        before = run;
      }
    }
  }

  /** Lets what was counted of reads and writes count less from now on. */
  void decayHeat(double factor) {
    for (ModelLevel l : levels) {
      for (ModelSlot slot : l.slots) {
        slot.getHeat *= factor;
        slot.seekHeat *= factor;
        slot.writeHeat *= factor;
      }
    }
  }

  /** Runs in which a seek to a key positions. */
  int runsAt(int key) {
    int runs = 0;
    for (ModelLevel l : levels) {
      runs += l.slots.get(l.slotOf(key)).runs.size();
    }
    return runs;
  }

  // ---- what policies see

  TreeSnapshot snapshot() {
    LevelFacts[] facts = new LevelFacts[levels.size()];
    // Keys of everything older than the run looked at: from the deepest level up, oldest run first.
    BitSet older = new BitSet();
    for (int level = levels.size(); level >= 1; level--) {
      long target = settings.memtableBytes() * (long) Math.pow(settings.fanout(), level);
      ModelLevel l = level(level);
      ModelLevel below = level == levels.size() ? null : level(level + 1);
      List<SlotFacts> slots = new ArrayList<>();
      for (int s = 0; s < l.slots.size(); s++) {
        ModelSlot slot = l.slots.get(s);
        List<RunFacts> runs = new ArrayList<>();
        for (int r = slot.runs.size() - 1; r >= 0; r--) {
          runs.addFirst(facts(slot.runs.get(r), older));
        }
        slots.add(
            new SlotFacts(
                level,
                s,
                1_000_000L * level + l.low(s),
                slot.leased,
                isDivisible(slot),
                below == null ? -1 : below.slotOf(l.low(s)),
                below == null ? -1 : below.slotOf(l.high(s) - 1),
                slot.getHeat,
                slot.seekHeat,
                slot.writeHeat,
                runs));
      }
      int slotCountTarget = (int) Math.max(1, target / settings.slotBytesTarget());
      facts[level - 1] = new LevelFacts(level, target, slotCountTarget, slots);
    }
    return new TreeSnapshot(settings, costs, 1, List.of(), List.of(facts));
  }

  private static RunFacts facts(ModelRun run, BitSet older) {
    int overwrites = 0;
    int tombstones = 0;
    for (int i = 0; i < run.keys.length; i++) {
      overwrites += older.get(run.keys[i]) ? 1 : 0;
      tombstones += run.deletes[i] ? 1 : 0;
      older.set(run.keys[i]);
    }
    int n = run.keys.length;
    return new RunFacts(
        run.id,
        run.bytes(),
        n,
        tombstones,
        n == 0 ? 0 : 1000 * overwrites / n,
        0,
        false,
        run.fileDeadPermille,
        run.probes,
        0,
        run.falsePositives,
        0,
        run.seeks,
        0);
  }

  /** All runs in the range of a slot that are older than its r-th. */
  private List<ModelRun> older(int level, int s, int r) {
    ModelLevel l = level(level);
    List<ModelRun> older = new ArrayList<>(l.slots.get(s).runs.subList(r + 1, l.slots.get(s).runs.size()));
    older.addAll(below(level, l.low(s), l.high(s)));
    return older;
  }

  private List<ModelRun> below(int level, int low, int high) {
    List<ModelRun> older = new ArrayList<>();
    for (int deeper = level + 1; deeper <= levels.size(); deeper++) {
      ModelLevel d = level(deeper);
      for (int i = d.slotOf(low); i <= d.slotOf(high - 1); i++) {
        older.addAll(d.slots.get(i).runs);
      }
    }
    return older;
  }

  // ---- what is done

  /** Carries out an action; fails if it is not legal. */
  void apply(Action action) {
    ModelLevel l = level(action.level());
    ModelSlot slot = l.slots.get(action.slot());
    assertTrue(!slot.leased, () -> "leased: " + action);
    switch (action) {
      case Action.Merge m -> {
        assertTrue(m.first() <= m.last() && m.last() < slot.runs.size(), m::toString);
        List<ModelRun> inputs = slot.runs.subList(m.first(), m.last() + 1);
        ModelRun output = write(inputs, older(m.level(), m.slot(), m.last()));
        output.takeBoundary(inputs.getLast(), 1);
        replace(inputs, output);
      }
      case Action.Promote p -> promote(p, slot);
      case Action.Move m -> {
        List<ModelRun> runs = slot.runs.subList(m.first(), slot.runs.size());
        assertTrue(!runs.isEmpty() && m.level() < levels.size(), m::toString);
        List<ModelRun> moved = List.copyOf(runs);
        runs.clear();
        moved.reversed().forEach(run -> addNewest(m.level() + 1, run));
      }
      case Action.Split s -> split(s.level(), splitKey(s.level(), s.slot()));
      case Action.Join j -> {
        ModelSlot right = l.slots.get(j.slot() + 1);
        assertTrue(!right.leased, () -> "leased: " + action);
        int guard = l.high(j.slot());
        assertTrue(
            j.level() == 1 || !level(j.level() - 1).guards.contains(guard), "needed above: " + j);
        List<ModelRun> both = new ArrayList<>(slot.runs);
        both.addAll(right.runs);
        ModelRun output = both.isEmpty() ? null : write(both, below(j.level(), l.low(j.slot()), l.high(j.slot() + 1)));
        slot.runs.clear();
        if (output != null && output.keys.length > 0) {
          slot.runs.add(output);
        }
        l.guards.remove((Integer) guard);
        l.slots.remove(right);
      }
    }
  }

  /** Does what the policy wants, as many things per look as do not meet. */
  void settle(CompactionPolicy policy) {
    while (true) {
      TreeSnapshot now = snapshot();
      List<Candidate> candidates = policy.candidates(now);
      if (candidates.isEmpty()) {
        return;
      }
      Set<Integer> busy = new HashSet<>();
      for (Candidate candidate : candidates) {
        Action action = candidate.action();
        if (action instanceof Action.Split || action instanceof Action.Join) {
          if (busy.isEmpty()) {
            apply(action); // moves ranks: look again
            break;
          }
          continue;
        }
        SlotFacts slot = now.level(action.level()).slots().get(action.slot());
        List<Integer> touched = new ArrayList<>(List.of(slot.level() << 20 | slot.rank()));
        for (int child = slot.firstChild(); child >= 0 && child <= slot.lastChild(); child++) {
          touched.add((slot.level() + 1) << 20 | child);
        }
        if (Collections.disjoint(busy, touched)) {
          busy.addAll(touched);
          apply(action);
        }
      }
    }
  }

  private void promote(Action.Promote p, ModelSlot slot) {
    assertTrue(p.level() < levels.size() && p.first() < slot.runs.size(), p::toString);
    ModelLevel l = level(p.level());
    ModelLevel below = level(p.level() + 1);
    int low = l.low(p.slot());
    int high = l.high(p.slot());
    List<ModelRun> taken = slot.runs.subList(p.first(), slot.runs.size());
    List<ModelRun> moved = List.copyOf(taken);
    taken.clear();
    for (int c = below.slotOf(low); c <= below.slotOf(high - 1); c++) {
      int child = c;
      ModelSlot target = below.slots.get(c);
      List<ModelRun> parts =
          moved.stream()
              .map(run -> run.part(below.low(child), below.high(child)))
              .filter(run -> run.keys.length > 0)
              .toList();
      if (parts.isEmpty()) {
        continue;
      }
      assertTrue(p.absorb() == 0 || !target.leased, () -> "absorbs leased runs: " + p);
      int absorbed = Math.min(p.absorb(), target.runs.size());
      List<ModelRun> absorbedRuns = target.runs.subList(0, absorbed);
      List<ModelRun> inputs = new ArrayList<>(parts);
      inputs.addAll(absorbedRuns);
      ModelRun output = write(inputs, older(p.level() + 1, child, absorbed - 1));
      if (absorbed > 0) {
        output.takeBoundary(absorbedRuns.getLast(), 1);
      }
      replace(absorbedRuns, output);
      target.writeHeat += output.bytes();
      checkCap(target);
    }
  }

  private static void replace(List<ModelRun> inputs, ModelRun output) {
    inputs.clear();
    if (output.keys.length > 0) {
      inputs.add(output);
    }
  }

  private ModelRun write(List<ModelRun> inputs, List<ModelRun> older) {
    inputs.forEach(run -> bytesRead += run.bytes());
    ModelRun merged = ModelRun.merge(inputs);
    boolean[] droppable = new boolean[merged.keys.length];
    for (int i = 0; i < droppable.length; i++) {
      int key = merged.keys[i];
      droppable[i] = merged.deletes[i] && older.stream().noneMatch(o -> o.find(key) >= 0);
    }
    ModelRun output = merged.without(droppable);
    bytesWritten += output.bytes();
    return output;
  }

  private static boolean isDivisible(ModelSlot slot) {
    int least = Integer.MAX_VALUE;
    int most = -1;
    for (ModelRun run : slot.runs) {
      least = Math.min(least, run.keys[0]);
      most = Math.max(most, run.keys[run.keys.length - 1]);
    }
    return least < most;
  }

  /** The key in the middle of a slot's data; 0 if there is none to cut at. */
  private int splitKey(int level, int s) {
    int[] keys =
        slot(level, s).runs.stream().flatMapToInt(r -> Arrays.stream(r.keys)).sorted().toArray();
    if (keys.length == 0 || keys[0] == keys[keys.length - 1]) {
      return 0;
    }
    int middle = keys[keys.length / 2];
    int i = 0;
    while (keys[i] <= keys[0] || keys[i] < middle) {
      i++;
    }
    return keys[i];
  }

  private void split(int level, int key) {
    assertTrue(key > 0, "nothing to split");
    for (int i = levels.size(); i >= level; i--) {
      ModelLevel l = level(i);
      if (!l.guards.contains(key)) {
        cut(l, key);
      }
    }
  }

  /** Cuts a level at a key. */
  static void cut(ModelLevel l, int key) {
    int s = l.slotOf(key);
    ModelSlot whole = l.slots.get(s);
    ModelSlot left = new ModelSlot();
    ModelSlot right = new ModelSlot();
    for (ModelSlot half : List.of(left, right)) {
      half.getHeat = whole.getHeat / 2;
      half.seekHeat = whole.seekHeat / 2;
      half.writeHeat = whole.writeHeat / 2;
    }
    left.leased = whole.leased;
    right.leased = whole.leased;
    for (ModelRun run : whole.runs) {
      ModelRun a = run.part(l.low(s), key);
      ModelRun b = run.part(key, l.high(s));
      if (a.keys.length > 0) {
        left.runs.add(a);
      }
      if (b.keys.length > 0) {
        right.runs.add(b);
      }
    }
    l.guards.add(s, key);
    l.slots.set(s, left);
    l.slots.add(s + 1, right);
  }

  // ---- facts about the whole

  /** The keys a reader sees. */
  BitSet visible() {
    BitSet seen = new BitSet();
    BitSet present = new BitSet();
    for (ModelLevel l : levels) {
      for (ModelSlot slot : l.slots) {
        for (ModelRun run : slot.runs) {
          for (int i = 0; i < run.keys.length; i++) {
            if (!seen.get(run.keys[i])) {
              seen.set(run.keys[i]);
              present.set(run.keys[i], !run.deletes[i]);
            }
          }
        }
      }
    }
    return present;
  }

  long bytes() {
    return levels.stream().flatMap(l -> l.slots.stream()).mapToLong(ModelSlot::bytes).sum();
  }

  int runsMost() {
    return levels.stream().flatMap(l -> l.slots.stream()).mapToInt(s -> s.runs.size()).max().orElse(0);
  }

  int deepest() {
    for (int level = levels.size(); level >= 1; level--) {
      if (level(level).slots.stream().anyMatch(s -> !s.runs.isEmpty())) {
        return level;
      }
    }
    return 0;
  }

  void checkGuards() {
    for (int i = 0; i + 1 < levels.size(); i++) {
      assertTrue(new TreeSet<>(levels.get(i + 1).guards).containsAll(levels.get(i).guards));
    }
  }
}
