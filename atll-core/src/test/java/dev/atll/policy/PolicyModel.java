package dev.atll.policy;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.kernel.Action;
import dev.atll.kernel.Change;
import dev.atll.kernel.Outcome;
import dev.atll.kernel.Place;
import dev.atll.kernel.Plan;
import dev.atll.kernel.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A tree in memory that carries out what policies decide, with real keys, so that overwriting and
 * deleting have their true effects. What an action does the kernel says. A flushed run is
 * admitted at once.
 */
final class PolicyModel implements Shape<ModelRun> {
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
  private final List<ModelRun> levelZero = new ArrayList<>();
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
    levelZero.add(run);
    apply(new Action.Admit(Integer.MAX_VALUE));
    flushing = false;
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

  // ---- what is done

  /** Carries out an action; fails if it is not legal. */
  void apply(Action action) {
    List<ModelRun> held = runs(new Place(action.level(), action.slot()));
    assertTrue(action.fits(held.size()), action::toString);
    Plan<ModelRun> plan = action.plan(this);
    assertNotNull(plan, action::toString);
    for (Place place : plan.leased()) {
      // What adds one newest run to each slot below needs them for a moment only.
      boolean takes = plan.inputs().stream().anyMatch(in -> in.place().equals(place));
      assertTrue(!takes || !slot(place).leased, () -> "leased: " + action);
    }
    if (plan.way() == Plan.Way.CUT) {
      assertTrue(!slot(action.level(), action.slot()).leased, () -> "leased: " + action);
      int key = splitKey(action.level(), action.slot());
      assertTrue(key > 0, "nothing to split");
      make(plan.apply(this, new Cut(key)), action.level(), key);
    } else {
      make(plan.apply(this, new Written(plan)), action.level(), 0);
    }
  }

  /** What comes of moves and merges: parts of runs by their keys. */
  private final class Written implements Outcome<ModelRun> {
    private final Plan<ModelRun> plan;

    Written(Plan<ModelRun> plan) {
      this.plan = plan;
    }

    @Override
    public @Nullable ModelRun view(ModelRun run, Place place) {
      return any(part(run, place));
    }

    @Override
    public @Nullable ModelRun written(Plan.Target<ModelRun> target) {
      Place place = target.place();
      int moved = target.group().size() - target.absorbed();
      List<ModelRun> inputs = new ArrayList<>();
      for (ModelRun run : target.group().subList(0, moved)) {
        ModelRun part = plan.joins() ? run : part(run, place);
        if (part.keys.length > 0) {
          inputs.add(part);
        }
      }
      inputs.addAll(target.group().subList(moved, target.group().size()));
      ModelRun output = write(inputs, plan.older(PolicyModel.this));
      if (target.keepsBoundary()) {
        output.takeBoundary(target.group().getLast(), 1);
      }
      return any(output);
    }
  }

  /** What comes of a split at a key. */
  private final class Cut implements Outcome<ModelRun> {
    private final int key;

    Cut(int key) {
      this.key = key;
    }

    @Override
    public int divided(int level) {
      return level(level).guards.contains(key) ? -1 : level(level).slotOf(key);
    }

    @Override
    public @Nullable ModelRun half(ModelRun run, Place divided, boolean left) {
      return any(left ? run.part(0, key) : run.part(key, KEYS_MAX));
    }
  }

  private ModelRun part(ModelRun run, Place place) {
    ModelLevel l = level(place.level());
    return run.part(l.low(place.slot()), l.high(place.slot()));
  }

  private static @Nullable ModelRun any(ModelRun run) {
    return run.keys.length == 0 ? null : run;
  }

  private void make(Change<ModelRun> change, int actedOn, int key) {
    for (Change.Touched<ModelRun> touched : change.touched()) {
      if (touched.place().level() == 0) {
        levelZero.clear();
        levelZero.addAll(touched.after());
        continue;
      }
      ModelSlot slot = slot(touched.place());
      slot.runs.clear();
      slot.runs.addAll(touched.after());
      if (touched.place().level() != actedOn) {
        touched.come().forEach(run -> slot.writeHeat += run.bytes());
        checkCap(slot);
      }
    }
    Place joined = change.joined();
    if (joined != null) {
      ModelLevel l = level(joined.level());
      l.guards.remove(joined.slot());
      l.slots.remove(joined.slot() + 1);
    }
    for (Change.Divided<ModelRun> divided : change.divided()) {
      divide(level(divided.place().level()), key, divided.left(), divided.right());
    }
  }

  // ---- as the kernel sees it

  @Override
  public int levelCount() {
    return levels.size();
  }

  @Override
  public int slotCount(int level) {
    return level(level).slots.size();
  }

  @Override
  public List<ModelRun> runs(Place place) {
    return place.level() == 0 ? levelZero : slot(place).runs;
  }

  @Override
  public int firstChild(int level, int slot) {
    return level(level + 1).slotOf(level(level).low(slot));
  }

  @Override
  public boolean shows(ModelRun run, Place place) {
    return part(run, place).keys.length > 0;
  }

  private ModelSlot slot(Place place) {
    return slot(place.level(), place.slot());
  }

  // ---- what a policy wants

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

  /** Cuts a level at a key, where it has no runs yet. */
  static void cut(ModelLevel l, int key) {
    divide(l, key, List.of(), List.of());
  }

  private static void divide(
      ModelLevel l, int key, List<ModelRun> runsLeft, List<ModelRun> runsRight) {
    int s = l.slotOf(key);
    ModelSlot whole = l.slots.get(s);
    ModelSlot left = new ModelSlot();
    ModelSlot right = new ModelSlot();
    for (ModelSlot half : List.of(left, right)) {
      half.getHeat = whole.getHeat / 2;
      half.seekHeat = whole.seekHeat / 2;
      half.writeHeat = whole.writeHeat / 2;
      half.leased = whole.leased;
    }
    left.runs.addAll(runsLeft);
    right.runs.addAll(runsRight);
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
