package dev.atll.bench.sim;

import dev.atll.kernel.Action;
import dev.atll.kernel.Change;
import dev.atll.kernel.Outcome;
import dev.atll.kernel.Place;
import dev.atll.kernel.Plan;
import dev.atll.kernel.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Level 0 and the levels cut by guards into slots, as the engine keeps them. What an action does to
 * them the kernel says; here are the counts. Everything that shows no entry is dropped.
 */
final class SimTree implements Shape<SimRun> {
  // As many samples of a run's keys as the engine takes to find the middle of a slot.
  private static final int SPLIT_SAMPLES = 32;

  private final SimSettings settings;
  final List<SimRun> levelZero = new ArrayList<>();
  private final List<List<SimSlot>> levels = new ArrayList<>();
  private final SimSlot.Level[] kinds;
  // For each level, the rank of the slot of each bucket.
  private final int[][] rankOf;
  private long lastRunId;
  private double storedEntries;
  final SimCache cache;
  int deepest;

  SimTree(KeyModel keys, SimSettings settings) {
    this.settings = settings;
    this.cache = new SimCache(settings);
    this.rankOf = new int[settings.levelCount()][keys.buckets()];
    this.kinds = new SimSlot.Level[settings.levelCount()];
    for (int i = 1; i <= settings.levelCount(); i++) {
      kinds[i - 1] = new SimSlot.Level(i);
      List<SimSlot> slots = new ArrayList<>();
      slots.add(new SimSlot(kinds[i - 1], 0, keys.buckets()));
      levels.add(slots);
    }
  }

  @Override
  public int levelCount() {
    return levels.size();
  }

  @Override
  public int slotCount(int level) {
    return slots(level).size();
  }

  @Override
  public List<SimRun> runs(Place place) {
    return place.level() == 0 ? levelZero : slot(place).runs;
  }

  @Override
  public int firstChild(int level, int slot) {
    return rankOf(level + 1, slots(level).get(slot).low);
  }

  @Override
  public boolean shows(SimRun run, Place place) {
    SimSlot slot = slot(place);
    int from = Math.max(run.low, slot.low);
    int to = Math.min(run.high, slot.high);
    return from < to && run.content.entries(from, to) >= SimRun.ENTRIES_MIN;
  }

  SimSlot slot(Place place) {
    return slots(place.level()).get(place.slot());
  }

  /** Slots of a level, from 1, in key order. */
  List<SimSlot> slots(int level) {
    return levels.get(level - 1);
  }

  SimSlot slotOf(int level, int bucket) {
    return levels.get(level - 1).get(rankOf[level - 1][bucket]);
  }

  int rankOf(int level, int bucket) {
    return rankOf[level - 1][bucket];
  }

  /** Entries of all table files that exist, dead ones included. */
  double storedEntries() {
    return storedEntries;
  }

  /** A run over all of a content. */
  SimRun newRun(
      Content content,
      SimFile file,
      int low,
      int high,
      int overwritePermille,
      long deletionsSinceMillis,
      long newest) {
    return new SimRun(
        ++lastRunId,
        content,
        file,
        low,
        high,
        settings.entry().table(),
        overwritePermille,
        deletionsSinceMillis,
        newest);
  }

  private SimRun clip(SimRun run, int low, int high) {
    SimRun part =
        newRun(
            run.content,
            run.file,
            Math.max(low, run.low),
            Math.min(high, run.high),
            run.overwritePermille,
            run.deletionsSinceMillis,
            run.newest);
    part.inherit(run, run.entries <= 0 ? 0 : Math.min(1, part.entries / run.entries));
    return part;
  }

  /** Counts a new file's entries as stored. */
  void created(SimFile file) {
    storedEntries += file.entries();
    cache.written(file);
  }

  private void show(SimRun run) {
    run.file.show(run.entries);
  }

  void hide(SimRun run) {
    boolean was = run.file.isLive();
    run.file.hide(run.entries);
    if (was && !run.file.isLive()) {
      storedEntries -= run.file.entries();
      cache.gone(run.file);
    }
  }

  /** Adds a flushed run. */
  void flushed(SimRun run) {
    created(run.file);
    show(run);
    levelZero.add(0, run);
  }

  /** Hands flushed runs to level 1, oldest first, as far as its slots have room. */
  void admit() {
    Action admit = new Action.Admit(settings.runsCap());
    for (Plan<SimRun> plan = admit.plan(this); plan != null; plan = admit.plan(this)) {
      for (Change.Touched<SimRun> touched : view(plan).touched()) {
        if (touched.place().level() > 0) {
          SimSlot slot = slot(touched.place());
          touched.come().forEach(part -> slot.heat(0, 0, part.bytes));
        }
      }
    }
  }

  /** Hands runs to other slots as views. */
  Change<SimRun> view(Plan<SimRun> plan) {
    Change<SimRun> change =
        plan.apply(
            this,
            new Outcome<>() {
              @Override
              public @Nullable SimRun view(SimRun run, Place place) {
                SimSlot slot = slot(place);
                return shows(run, place) ? clip(run, slot.low, slot.high) : null;
              }
            });
    make(change);
    return change;
  }

  /** Makes a change; slots that are cut need {@link #split}. */
  void make(Change<SimRun> change) {
    // Shown first: a file of which nothing is shown for a moment would be taken for gone.
    change.touched().forEach(touched -> touched.come().forEach(this::show));
    change.touched().forEach(touched -> touched.gone().forEach(this::hide));
    for (Change.Touched<SimRun> touched : change.touched()) {
      if (touched.place().level() == 0) {
        levelZero.clear();
        levelZero.addAll(touched.after());
      } else {
        replace(slot(touched.place()), touched.after());
      }
    }
    Place joined = change.joined();
    if (joined != null) {
      SimSlot slot = slot(joined);
      slot.high = slots(joined.level()).remove(joined.slot() + 1).high;
      renumber(joined.level());
    }
    findDeepest();
  }

  private void replace(SimSlot slot, List<SimRun> runs) {
    slot.runs.clear();
    slot.runs.addAll(runs);
    slot.changed();
    if (!runs.isEmpty()) {
      deepest = Math.max(deepest, slot.level);
    }
  }

  /** Cuts a slot at a place that {@link #splitPoint} named; returns false while a lease is in the way. */
  boolean split(SimSlot slot, int at) {
    for (int i = slot.level; i <= levelCount(); i++) {
      // A slot that begins there and is leased may be about to be joined with the one before it.
      if (slotOf(i, at).leased) {
        return false;
      }
    }
    Change<SimRun> change =
        new Action.Split(slot.level, slot.rank)
            .plan(this)
            .apply(
                this,
                new Outcome<>() {
                  @Override
                  public int divided(int level) {
                    SimSlot divided = slotOf(level, at);
                    return divided.low == at ? -1 : divided.rank;
                  }

                  @Override
                  public @Nullable SimRun half(SimRun run, Place divided, boolean left) {
                    if (run.high <= at || run.low >= at) {
                      return left == run.high <= at ? run : null;
                    }
                    SimRun half = left ? clip(run, run.low, at) : clip(run, at, run.high);
                    return half.entries >= SimRun.ENTRIES_MIN ? half : null;
                  }
                });
    for (Change.Divided<SimRun> divided : change.divided()) {
      cut(slot(divided.place()), at, divided);
    }
    return true;
  }

  private void cut(SimSlot slot, int at, Change.Divided<SimRun> divided) {
    SimSlot right = new SimSlot(kinds[slot.level - 1], at, slot.high);
    List<SimRun> after = new ArrayList<>(divided.left());
    after.addAll(divided.right());
    Change.Touched<SimRun> both =
        new Change.Touched<>(divided.place(), divided.before(), after);
    both.come().forEach(this::show);
    both.gone().forEach(this::hide);
    slot.high = at;
    replace(slot, divided.left());
    replace(right, divided.right());
    slots(slot.level).add(slot.rank + 1, right);
    renumber(slot.level);
  }

  /** Where the engine would cut a slot; -1 if there is no such place. */
  int splitPoint(SimSlot slot) {
    List<Integer> places = new ArrayList<>();
    if (slot.level < levelCount()) {
      List<SimSlot> below = slots(slot.level + 1);
      int last = rankOf(slot.level + 1, slot.high - 1);
      for (int s = rankOf(slot.level + 1, slot.low) + 1; s <= last; s++) {
        places.add(below.get(s).low);
      }
    }
    if (places.isEmpty()) {
      SimRun widest = null;
      for (SimRun run : slot.runs) {
        widest = widest == null || run.bytes > widest.bytes ? run : widest;
      }
      if (widest == null) {
        return -1;
      }
      int before = widest.low;
      for (int i = 1; i <= SPLIT_SAMPLES; i++) {
        int at = bucketAt(widest, widest.entries * i / (SPLIT_SAMPLES + 1));
        if (at > before && at > slot.low && at < slot.high) {
          places.add(at);
          before = at;
        }
      }
    }
    double total = slot.bytes();
    int best = -1;
    double bestDistance = Double.POSITIVE_INFINITY;
    for (int at : places) {
      double left = 0;
      for (SimRun run : slot.runs) {
        if (run.low < at) {
          left +=
              run.content.entries(run.low, Math.min(run.high, at)) * settings.entry().table();
        }
      }
      double distance = Math.abs(total - 2 * left);
      if (left > 0 && left < total && distance < bestDistance) {
        bestDistance = distance;
        best = at;
      }
    }
    return best;
  }

  private static int bucketAt(SimRun run, double entries) {
    int from = run.low;
    int to = run.high;
    while (from < to) {
      int middle = (from + to) >>> 1;
      if (run.content.entries(run.low, middle) < entries) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return from;
  }

  private void renumber(int level) {
    List<SimSlot> slots = slots(level);
    for (int s = 0; s < slots.size(); s++) {
      SimSlot slot = slots.get(s);
      slot.rank = s;
      slot.forget();
      Arrays.fill(rankOf[level - 1], slot.low, slot.high, s);
    }
    if (level > 1) {
      // First and last child of every slot above may have moved.
      slots(level - 1).forEach(SimSlot::forget);
    }
  }

  /**
   * Whether policies may see something else of a level than when this was last asked. Where there are
   * runs, a part of their files may be dead since.
   */
  boolean mayDiffer(int level) {
    boolean differs = kinds[level - 1].changed || level <= deepest;
    kinds[level - 1].changed = false;
    return differs;
  }

  private void findDeepest() {
    while (deepest > 0 && slots(deepest).stream().allMatch(slot -> slot.runs.isEmpty())) {
      deepest--;
    }
  }
}
