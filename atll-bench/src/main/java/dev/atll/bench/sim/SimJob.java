package dev.atll.bench.sim;

import dev.atll.kernel.Change;
import dev.atll.kernel.Outcome;
import dev.atll.kernel.Place;
import dev.atll.kernel.Plan;
import dev.atll.kernel.Span;
import dev.atll.policy.Candidate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A compaction under way: its inputs are leased, its output takes their place when it is done. */
final class SimJob {
  final Candidate candidate;
  final double bytesIn;
  double endsAtNanos;
  double entriesOut;
  private final SimTree tree;
  private final Plan<SimRun> plan;
  // The slots that the plan names: their ranks may change until it is carried out.
  private final Map<Place, SimSlot> slots = new HashMap<>();
  private final int low;
  private final int high;
  private @Nullable Content output;

  private SimJob(SimTree tree, Candidate candidate, Plan<SimRun> plan) {
    this.tree = tree;
    this.candidate = candidate;
    this.plan = plan;
    Span span = plan.span();
    this.low = tree.slots(span.level()).get(span.first()).low;
    this.high = tree.slots(span.level()).get(span.last()).high;
    double sum = 0;
    for (Plan.Input<SimRun> in : plan.inputs()) {
      sum += in.run().bytes;
    }
    this.bytesIn = sum;
    for (Place place : plan.leased()) {
      SimSlot slot = tree.slot(place);
      slots.put(place, slot);
      slot.leased = true;
      slot.forget();
    }
  }

  /** Leases the slots of a plan that writes, or returns null if one is leased already. */
  static @Nullable SimJob of(SimTree tree, Candidate candidate, Plan<SimRun> plan) {
    return plan.leased().stream().anyMatch(place -> tree.slot(place).leased)
        ? null
        : new SimJob(tree, candidate, plan);
  }

  /** Merges; the tree is not changed. */
  void merge(KeyModel keys) {
    List<SimRun> inputs = plan.inputs().stream().map(Plan.Input::run).toList();
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
      for (SimRun run : plan.older(tree)) {
        int from = Math.max(low, run.low);
        int to = Math.min(high, run.high);
        if (from < to) {
          Arrays.fill(older, from - low, to - low, true);
        }
      }
      merged.purge(keys, older);
    }
    merged.seal(keys);
    output = merged;
    entriesOut = merged.entries(low, high);
  }

  /** Puts the output in place and gives the slots back. */
  void install(double fileEntriesMin) {
    Iterator<@Nullable SimRun> outputs = outputs(fileEntriesMin).iterator();
    Change<SimRun> change =
        plan.at(place -> new Place(place.level(), slotOf(place).rank))
            .apply(
                tree,
                new Outcome<>() {
                  @Override
                  public @Nullable SimRun written(Plan.Target<SimRun> target) {
                    return outputs.next();
                  }
                });
    double down = 0;
    for (Plan.Input<SimRun> in : plan.inputs()) {
      down += in.place().level() == plan.span().level() ? 0 : in.run().bytes;
    }
    for (Change.Touched<SimRun> touched : change.touched()) {
      if (touched.place().level() != plan.action().level() && !touched.come().isEmpty()) {
        tree.slot(touched.place()).heat(0, 0, down / plan.targets().size());
      }
    }
    tree.make(change);
    for (SimSlot slot : slots.values()) {
      slot.leased = false;
      slot.changed();
    }
  }

  private SimSlot slotOf(Place place) {
    return Objects.requireNonNull(slots.get(place), "leased before");
  }

  /** The run of each target, null where nothing is left; small neighbours share a file. */
  private List<@Nullable SimRun> outputs(double fileEntriesMin) {
    Content merged = Objects.requireNonNull(output, "merged before");
    List<@Nullable SimRun> outputs = new ArrayList<>();
    List<Plan.Target<SimRun>> group = new ArrayList<>();
    double entries = 0;
    for (Plan.Target<SimRun> target : plan.targets()) {
      group.add(target);
      entries += merged.entries(lowOf(target), highOf(target));
      if (entries >= fileEntriesMin) {
        write(merged, group, entries, outputs);
        group.clear();
        entries = 0;
      }
    }
    write(merged, group, entries, outputs);
    return outputs;
  }

  private int lowOf(Plan.Target<SimRun> target) {
    return plan.joins() ? low : slotOf(target.place()).low;
  }

  private int highOf(Plan.Target<SimRun> target) {
    return plan.joins() ? high : slotOf(target.place()).high;
  }

  private void write(
      Content merged,
      List<Plan.Target<SimRun>> group,
      double entries,
      List<@Nullable SimRun> outputs) {
    SimFile file = new SimFile(entries);
    file.from = group.isEmpty() ? 0 : merged.entries(merged.low, lowOf(group.get(0)));
    boolean any = false;
    for (Plan.Target<SimRun> target : group) {
      SimRun run = run(merged, file, target);
      boolean shows = run.entries >= SimRun.ENTRIES_MIN;
      any |= shows;
      outputs.add(shows ? run : null);
    }
    if (any) {
      tree.created(file);
    }
  }

  private SimRun run(Content merged, SimFile file, Plan.Target<SimRun> target) {
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
            lowOf(target),
            highOf(target),
            entries <= 0 ? 0 : (int) Math.round(overwrites / entries),
            since,
            newest);
    if (target.keepsBoundary()) {
      run.inherit(oldest, 1);
    }
    return run;
  }
}
