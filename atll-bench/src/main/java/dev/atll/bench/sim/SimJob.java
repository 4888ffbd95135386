package dev.atll.bench.sim;

import dev.atll.policy.Action;
import dev.atll.policy.Candidate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A compaction under way: its inputs are leased, its output takes their place when it is done. */
final class SimJob {
  /** A slot that receives one run of the output, made of these runs, newest first. */
  private record Target(SimSlot slot, List<SimRun> group, List<SimRun> absorbed, boolean keepsBurden) {}

  final Candidate candidate;
  final double bytesIn;
  double endsAtNanos;
  double entriesOut;
  private final SimTree tree;
  private final List<SimSlot> leased;
  private final SimSlot source;
  private final List<SimRun> moved;
  private final int low;
  private final int high;
  private final int targetLevel;
  private final List<Target> targets;
  private final List<SimRun> olderHere;
  private @Nullable Content output;

  private SimJob(
      SimTree tree,
      Candidate candidate,
      List<SimSlot> leased,
      SimSlot source,
      List<SimRun> moved,
      int targetLevel,
      List<Target> targets,
      List<SimRun> olderHere,
      int high) {
    this.tree = tree;
    this.candidate = candidate;
    this.leased = leased;
    this.source = source;
    this.moved = moved;
    this.low = source.low;
    this.high = high;
    this.targetLevel = targetLevel;
    this.targets = targets;
    this.olderHere = olderHere;
    double sum = 0;
    for (SimRun run : inputs()) {
      sum += run.bytes;
    }
    this.bytesIn = sum;
  }

  private List<SimRun> inputs() {
    List<SimRun> all = new ArrayList<>(moved);
    targets.forEach(target -> all.addAll(target.absorbed()));
    return all;
  }

  /** Plans a job for a candidate that writes, or returns null if a slot it needs is leased. */
  static @Nullable SimJob plan(SimTree tree, Candidate candidate) {
    SimJob job =
        switch (candidate.action()) {
          case Action.Merge merge -> merge(tree, candidate, merge);
          case Action.Promote promote -> promote(tree, candidate, promote);
          case Action.Join join -> join(tree, candidate, join);
          case Action.Move _, Action.Split _ ->
              throw new IllegalArgumentException(candidate + " writes nothing");
        };
    if (job == null || job.leased.stream().anyMatch(slot -> slot.leased)) {
      return null;
    }
    job.leased.forEach(
        slot -> {
          slot.leased = true;
          slot.forget();
        });
    return job;
  }

  private static SimJob merge(SimTree tree, Candidate candidate, Action.Merge action) {
    SimSlot slot = tree.slots(action.level()).get(action.slot());
    List<SimRun> merged = List.copyOf(slot.runs.subList(action.first(), action.last() + 1));
    return new SimJob(
        tree,
        candidate,
        List.of(slot),
        slot,
        merged,
        slot.level,
        List.of(new Target(slot, merged, List.of(), true)),
        List.copyOf(slot.runs.subList(action.last() + 1, slot.runs.size())),
        slot.high);
  }

  private static @Nullable SimJob promote(
      SimTree tree, Candidate candidate, Action.Promote action) {
    SimSlot slot = tree.slots(action.level()).get(action.slot());
    int below = action.level() + 1;
    if (below > tree.levelCount()) {
      return null;
    }
    List<SimRun> moved = List.copyOf(slot.runs.subList(action.first(), slot.runs.size()));
    List<SimSlot> leased = new ArrayList<>(List.of(slot));
    List<Target> targets = new ArrayList<>();
    List<SimRun> older = new ArrayList<>();
    for (int s = tree.rankOf(below, slot.low); s <= tree.rankOf(below, slot.high - 1); s++) {
      SimSlot child = tree.slots(below).get(s);
      if (!showsAny(moved, child)) {
        continue;
      }
      leased.add(child);
      int count = Math.min(action.absorb(), child.runs.size());
      List<SimRun> absorbed = List.copyOf(child.runs.subList(0, count));
      older.addAll(child.runs.subList(count, child.runs.size()));
      List<SimRun> group = new ArrayList<>(moved);
      group.addAll(absorbed);
      targets.add(new Target(child, group, absorbed, count > 0));
    }
    return moved.isEmpty()
        ? null
        : new SimJob(tree, candidate, leased, slot, moved, below, targets, older, slot.high);
  }

  private static @Nullable SimJob join(SimTree tree, Candidate candidate, Action.Join action) {
    List<SimSlot> slots = tree.slots(action.level());
    if (action.slot() + 1 >= slots.size()) {
      return null;
    }
    SimSlot slot = slots.get(action.slot());
    SimSlot next = slots.get(action.slot() + 1);
    // As the engine's planner: the level above may have got the guard since the policy looked.
    if (slot.level > 1 && tree.slotOf(slot.level - 1, next.low).low == next.low) {
      return null;
    }
    List<SimRun> both = new ArrayList<>(slot.runs);
    both.addAll(next.runs);
    return new SimJob(
        tree,
        candidate,
        List.of(slot, next),
        slot,
        both,
        slot.level,
        both.isEmpty() ? List.of() : List.of(new Target(slot, both, List.of(), false)),
        List.of(),
        next.high);
  }

  private static boolean showsAny(List<SimRun> runs, SimSlot slot) {
    for (SimRun run : runs) {
      int from = Math.max(run.low, slot.low);
      int to = Math.min(run.high, slot.high);
      if (from < to && run.content.entries(from, to) >= SimRun.ENTRIES_MIN) {
        return true;
      }
    }
    return false;
  }

  /** Merges; the tree is not changed. */
  void merge(KeyModel keys) {
    List<SimRun> inputs = inputs();
    boolean load = false;
    boolean draws = false;
    boolean deletes = false;
    boolean inserts = false;
    for (SimRun run : inputs) {
      load |= run.content.load != null;
      draws |= run.content.draws != null;
      deletes |= run.content.deletes != null;
      inserts |= run.content.inserts != null;
    }
    // What meets deletions at the bottom is kept as a share of the loaded keys.
    Content merged = new Content(low, high, load || deletes, draws, deletes, inserts);
    for (SimRun run : inputs) {
      merged.add(run.content, run.low, run.high);
    }
    if (deletes) {
      boolean[] older = new boolean[high - low];
      tree.markOlder(targetLevel, low, high, olderHere, older);
      merged.purge(keys, older);
    }
    merged.seal(keys);
    output = merged;
    entriesOut = merged.entries(low, high);
  }

  /** Puts the output in place and gives the slots back. */
  void install(double fileEntriesMin) {
    Content merged = java.util.Objects.requireNonNull(output, "merged before");
    remove(source, moved);
    if (candidate.action() instanceof Action.Join) {
      SimSlot next = tree.slots(source.level).get(source.rank + 1);
      remove(next, moved);
      next.leased = false;
      tree.join(source);
    }
    List<Target> group = new ArrayList<>();
    double entries = 0;
    for (Target target : targets) {
      group.add(target);
      entries += merged.entries(target.slot().low, target.slot().high);
      if (entries >= fileEntriesMin) {
        place(merged, group, entries);
        group.clear();
        entries = 0;
      }
    }
    place(merged, group, entries);
    for (SimSlot slot : leased) {
      slot.leased = false;
      slot.changed();
    }
    tree.findDeepest();
  }

  private void remove(SimSlot slot, List<SimRun> runs) {
    for (SimRun run : runs) {
      if (slot.runs.remove(run)) {
        tree.hide(run);
      }
    }
  }

  private void place(Content merged, List<Target> group, double entries) {
    SimFile file = new SimFile(entries);
    file.from = group.isEmpty() ? 0 : merged.entries(merged.low, group.get(0).slot().low);
    boolean any = false;
    for (Target target : group) {
      SimSlot slot = target.slot();
      List<SimRun> absorbed = target.absorbed();
      int at =
          absorbed.isEmpty() ? positionOf(slot, target.group()) : slot.runs.indexOf(absorbed.get(0));
      for (SimRun run : absorbed) {
        slot.runs.remove(run);
        tree.hide(run);
      }
      SimRun run = run(merged, file, target);
      if (run.entries >= SimRun.ENTRIES_MIN) {
        any = true;
        tree.show(run);
        slot.runs.add(at, run);
        tree.reached(slot.level);
        if (slot.level != source.level) {
          double down = 0;
          for (SimRun in : moved) {
            down += in.bytes;
          }
          slot.heat(0, 0, down / targets.size());
        }
      }
    }
    if (any) {
      tree.created(file);
    }
  }

  /** Behind all that is newer than the group's newest flush. */
  private static int positionOf(SimSlot slot, List<SimRun> group) {
    long newest = 0;
    for (SimRun run : group) {
      newest = Math.max(newest, run.newest);
    }
    int at = 0;
    while (at < slot.runs.size() && slot.runs.get(at).newest > newest) {
      at++;
    }
    return at;
  }

  private SimRun run(Content merged, SimFile file, Target target) {
    double entries = 0;
    double overwrites = 0;
    long since = 0;
    long newest = 0;
    SimRun oldest = target.group().get(target.group().size() - 1);
    for (SimRun run : target.group()) {
      entries += run.entries;
      overwrites += run.entries * run.overwritePermille;
      newest = Math.max(newest, run.newest);
      if (run.deletionsSinceMillis != 0 && (since == 0 || run.deletionsSinceMillis < since)) {
        since = run.deletionsSinceMillis;
      }
    }
    SimRun run =
        tree.newRun(
            merged,
            file,
            target.slot().low,
            target.slot().high,
            entries <= 0 ? 0 : (int) Math.round(overwrites / entries),
            since,
            newest);
    if (target.keepsBurden()) {
      run.inherit(oldest, 1);
    }
    return run;
  }
}
