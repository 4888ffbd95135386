package dev.atll.policy;

import dev.atll.policy.Candidate.Reason;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Keeps stored ÷ live bytes within its bound, deletions within their deadline, and rewrites what is
 * mostly dead or deleted. An entry whose key exists in an older run makes one older entry dead, so the
 * overwritten share of a run says how many bytes a merge with all that is older sets free.
 */
final class SpaceRules {
  /** Dead share of a table, in thousandths, from which rewriting frees more than it writes. */
  static final int FILE_DEAD_PERMILLE = 500;

  /** Beyond the bound a table with this dead share is worth rewriting too. */
  static final int FILE_DEAD_PERMILLE_URGENT = 100;

  /** Tables with less dead than this part of a slot are left: a job is not worth it, nor a guess. */
  private static final int FILE_DEAD_DIVISOR = 16;

  /** Something that frees bytes. */
  private record Freeing(int order, SlotFacts slot, int run, double bytesFreed, double ratio) {
    static final int ALL = -1;

    /** Most freed per byte moved first; of equals in the order of levels and slots. */
    static final Comparator<Freeing> BEST_FIRST =
        (a, b) -> {
          int byRatio = Double.compare(b.ratio, a.ratio);
          return byRatio != 0 ? byRatio : Integer.compare(a.order, b.order);
        };

    Freeing(int order, SlotFacts slot, int run, double bytesFreed, long bytesMoved) {
      this(order, slot, run, bytesFreed, bytesFreed / Math.max(1, bytesMoved));
    }

    boolean mostlyDead() {
      return run != ALL && slot.runs().get(run).fileDeadPermille() >= FILE_DEAD_PERMILLE;
    }
  }

  private final TreeSnapshot now;
  private final SizeRules sizes;
  private final Offers offers;
  private final int fileDeadPermilleAbove;

  /**
   * The bounds of a snapshot.
   *
   * @param fileDeadPermilleAbove dead share, in thousandths, below which no table above the deepest
   *     level is rewritten for it
   */
  SpaceRules(TreeSnapshot now, SizeRules sizes, Offers offers, int fileDeadPermilleAbove) {
    this.fileDeadPermilleAbove = fileDeadPermilleAbove;
    this.now = now;
    this.sizes = sizes;
    this.offers = offers;
  }

  /**
   * Offers what frees bytes: beyond the bound as much as brings it back, most freed per byte moved
   * first; always what is mostly dead or deleted.
   */
  void offer(double headroomBytes) {
    List<Freeing> freeings = new ArrayList<>();
    boolean beyond = headroomBytes < 0;
    for (LevelFacts level : now.levels()) {
      if (!level.hasRuns()) {
        continue;
      }
      int dead =
          level.level() < sizes.deepest() ? fileDeadPermilleAbove : FILE_DEAD_PERMILLE_URGENT;
      for (SlotFacts slot : level.slots()) {
        if (slot.runs().isEmpty()) {
          continue;
        }
        if (!slot.leased()) {
          addFreeings(slot, dead, beyond, freeings);
        }
        purge(slot);
      }
    }
    new DeadlineRules(now, sizes, offers).offer();
    double excess = -headroomBytes;
    if (beyond) {
      // Few are needed as a rule, so that the others are not put in order.
      PriorityQueue<Freeing> best = new PriorityQueue<>(freeings.size() + 1, Freeing.BEST_FIRST);
      best.addAll(freeings);
      while (excess > 0 && !best.isEmpty()) {
        Freeing freeing = best.remove();
        free(freeing, true);
        excess -= freeing.bytesFreed();
      }
      freeings = new ArrayList<>(best);
    }
    freeings.removeIf(freeing -> !freeing.mostlyDead());
    freeings.sort(Freeing.BEST_FIRST);
    freeings.forEach(freeing -> free(freeing, false));
  }

  /** What frees bytes in a free slot: merges with what is older only beyond the bound. */
  private void addFreeings(
      SlotFacts slot, int deadPermille, boolean beyond, List<Freeing> freeings) {
    if (slot.runList().fileDeadPermilleMost >= deadPermille) {
      for (int i = 0; i < slot.runs().size(); i++) {
        RunFacts run = slot.runs().get(i);
        double dead = run.fileDeadBytes();
        if (run.fileDeadPermille() >= deadPermille
            && dead * FILE_DEAD_DIVISOR >= now.settings().slotBytesTarget()) {
          freeings.add(new Freeing(freeings.size(), slot, i, dead, run.bytes()));
        }
      }
    }
    double inSlot = beyond ? overwrittenBytes(slot) : 0;
    if (inSlot > 0 && mergesDownwards(slot)) {
      long resident =
          slot.level() < sizes.deepest() ? sizes.absorbedBytes(slot, Integer.MAX_VALUE) : 0;
      long moved = slot.bytes() + resident;
      // An older copy lies anywhere below; only those that the merge meets are set free by it.
      double met = moved / (double) Math.max(moved, slot.bytes() + sizes.bytesBelow(slot));
      freeings.add(new Freeing(freeings.size(), slot, Freeing.ALL, inSlot * met, moved));
    }
  }

  private void free(Freeing freeing, boolean urgent) {
    int run = freeing.run();
    if (run == Freeing.ALL) {
      mergeWithOlder(freeing.slot(), Reason.SPACE, freeing.ratio(), urgent);
    } else {
      offers.merge(freeing.slot(), run, run, Reason.SPACE, freeing.ratio(), urgent);
    }
  }

  /** Bytes that may still be stored beside the live ones within the bound; below 0 beyond it. */
  double headroomBytes() {
    double stored = 0;
    double live = 0;
    for (RunFacts run : now.levelZero()) {
      stored += run.bytes() + run.fileDeadBytes();
      live += run.bytes() - run.overwrittenBytes();
    }
    for (LevelFacts level : now.levels()) {
      if (!level.hasRuns()) {
        continue;
      }
      for (SlotFacts slot : level.slots()) {
        if (slot.runs().isEmpty()) {
          continue;
        }
        live += slot.bytes() - overwrittenBytes(slot);
        stored += slot.runList().storedBytes;
      }
    }
    return now.settings().spaceAmplificationMax() * Math.max(live, 0) - stored;
  }

  /** Whether there is something older to merge a slot's runs with. */
  private boolean mergesDownwards(SlotFacts slot) {
    if (slot.level() < sizes.deepest() && sizes.hasRunsBelow(slot)) {
      return sizes.childrenAreFree(slot);
    }
    return slot.runs().size() > 1;
  }

  private void mergeWithOlder(SlotFacts slot, Reason reason, double index, boolean urgent) {
    if (slot.level() < sizes.deepest() && sizes.hasRunsBelow(slot)) {
      offers.handDown(
          slot, 0, Integer.MAX_VALUE, now.settings().fanout(), reason, index, urgent);
    } else {
      offers.merge(slot, 0, slot.runs().size() - 1, reason, index, urgent);
    }
  }

  /**
   * Sends many deletions towards the oldest data where both can go. Many is what a merge would move
   * there, not what one run holds: a small run full of deletions is not worth the rewriting of all that
   * lies below. A single run with nothing older is rewritten once nobody can see what it deleted;
   * before that, rewriting it again and again would not change anything.
   */
  private void purge(SlotFacts slot) {
    if (slot.leased() || slot.runs().isEmpty()) {
      return;
    }
    double deletions = 0;
    double moved = 0;
    for (RunFacts run : slot.runs()) {
      deletions += run.tombstones();
      moved += run.entries();
    }
    int limit = Math.max(1, now.settings().tombstonePermilleMax());
    if (1000 * deletions < limit * moved || deletions == 0) {
      return;
    }
    boolean downwards = mergesDownwards(slot);
    boolean oldest = slot.runs().size() == 1 && !sizes.hasRunsBelow(slot);
    if (!downwards && (!oldest || slot.runs().get(0).retained())) {
      return;
    }
    double index = 1000 * deletions / (limit * (moved + sizes.childEntries(slot)));
    if (index < 1) {
      return;
    }
    if (downwards) {
      mergeWithOlder(slot, Reason.TOMBSTONES, index, false);
    } else {
      offers.merge(slot, 0, 0, Reason.TOMBSTONES, index, false);
    }
  }

  /** Of a slot with runs. */
  private double overwrittenBytes(SlotFacts slot) {
    double sum = slot.runList().overwrittenBytes;
    // The oldest run of a key range overwrites nothing, whatever is still noted for it.
    RunFacts last = slot.runs().get(slot.runs().size() - 1);
    return last.overwritePermille() > 0 && sizes.hasRunsBelow(slot)
        ? sum + last.overwrittenBytes()
        : sum;
  }
}
