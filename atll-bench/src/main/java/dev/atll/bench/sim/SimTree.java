package dev.atll.bench.sim;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Level 0 and the levels cut by guards into slots, as the engine keeps them: guards of a level are
 * guards of every deeper one, flushed runs are handed to level 1 as views, runs go down as views or
 * merged. Everything that shows no entry is dropped.
 */
final class SimTree {
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

  int levelCount() {
    return levels.size();
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

  private SimRun view(SimRun run, int low, int high) {
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

  void show(SimRun run) {
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
    List<SimSlot> ones = slots(1);
    boolean[] blocked = new boolean[ones.size()];
    for (int i = levelZero.size() - 1; i >= 0; i--) {
      SimRun run = levelZero.get(i);
      List<SimRun> heldBack = new ArrayList<>();
      boolean admitted = false;
      int last = rankOf(1, run.high - 1);
      for (int s = rankOf(1, run.low); s <= last; s++) {
        SimSlot slot = ones.get(s);
        SimRun part = view(run, slot.low, slot.high);
        if (part.entries < SimRun.ENTRIES_MIN) {
          continue;
        }
        if (blocked[s] || slot.runs.size() >= settings.runsCap()) {
          heldBack.add(part);
          blocked[s] = true;
        } else {
          show(part);
          slot.runs.add(0, part);
          slot.heat(0, 0, part.bytes);
          slot.changed();
          reached(1);
          admitted = true;
        }
      }
      if (admitted || heldBack.isEmpty()) {
        levelZero.remove(i);
        for (SimRun part : heldBack) {
          show(part);
          levelZero.add(i, part);
        }
        hide(run);
      }
    }
  }

  /** Moves the runs of a slot from a position on to the slots below, as views. */
  void moveDown(SimSlot slot, int first) {
    List<SimRun> moved = List.copyOf(slot.runs.subList(first, slot.runs.size()));
    int below = slot.level + 1;
    for (int i = moved.size() - 1; i >= 0; i--) {
      SimRun run = moved.get(i);
      for (int s = rankOf(below, run.low); s <= rankOf(below, run.high - 1); s++) {
        SimSlot child = slots(below).get(s);
        SimRun part = view(run, child.low, child.high);
        if (part.entries >= SimRun.ENTRIES_MIN) {
          show(part);
          child.runs.add(0, part);
          child.changed();
          reached(below);
        }
      }
      hide(run);
    }
    slot.runs.subList(first, slot.runs.size()).clear();
    slot.changed();
    findDeepest();
  }

  /** Cuts a slot where the engine would; returns whether there was such a place. */
  boolean split(SimSlot slot) {
    int at = splitPoint(slot);
    if (at < 0) {
      return false;
    }
    for (int i = slot.level; i <= levelCount(); i++) {
      SimSlot divided = slotOf(i, at);
      // A slot that begins there and is leased may be about to be joined with the one before it.
      if (divided.leased) {
        return false;
      }
    }
    for (int i = levelCount(); i >= slot.level; i--) {
      cut(slotOf(i, at), at);
    }
    return true;
  }

  private int splitPoint(SimSlot slot) {
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

  private void cut(SimSlot slot, int at) {
    if (slot.low == at) {
      return;
    }
    List<SimSlot> slots = slots(slot.level);
    SimSlot right = new SimSlot(kinds[slot.level - 1], at, slot.high);
    List<SimRun> lefts = new ArrayList<>();
    for (SimRun run : slot.runs) {
      if (run.high <= at) {
        lefts.add(run);
      } else if (run.low >= at) {
        right.runs.add(run);
      } else {
        addIfAny(lefts, view(run, slot.low, at));
        addIfAny(right.runs, view(run, at, slot.high));
        hide(run);
      }
    }
    slot.runs.clear();
    slot.runs.addAll(lefts);
    slot.high = at;
    slot.changed();
    slots.add(slot.rank + 1, right);
    renumber(slot.level);
  }

  private void addIfAny(List<SimRun> runs, SimRun run) {
    if (run.entries >= SimRun.ENTRIES_MIN) {
      show(run);
      runs.add(run);
    }
  }

  /** Joins a slot with the next one of its level, whose runs must be gone. */
  void join(SimSlot slot) {
    List<SimSlot> slots = slots(slot.level);
    SimSlot next = slots.get(slot.rank + 1);
    slot.runs.addAll(next.runs);
    slot.high = next.high;
    slot.changed();
    slots.remove(slot.rank + 1);
    renumber(slot.level);
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

  /** Runs arrived at a level. */
  void reached(int level) {
    deepest = Math.max(deepest, level);
  }

  /** Runs left some level. */
  void findDeepest() {
    while (deepest > 0 && slots(deepest).stream().allMatch(slot -> slot.runs.isEmpty())) {
      deepest--;
    }
  }

  /** Marks the buckets of [low, high) that a run older than a level's output covers. */
  void markOlder(int level, int low, int high, List<SimRun> besides, boolean[] marks) {
    besides.forEach(run -> mark(run, low, high, marks));
    for (int i = level + 1; i <= deepest; i++) {
      for (int s = rankOf(i, low); s <= rankOf(i, high - 1); s++) {
        for (SimRun run : slots(i).get(s).runs) {
          mark(run, low, high, marks);
        }
      }
    }
  }

  private static void mark(SimRun run, int low, int high, boolean[] marks) {
    int from = Math.max(low, run.low);
    int to = Math.min(high, run.high);
    if (from < to) {
      Arrays.fill(marks, from - low, to - low, true);
    }
  }
}
