package dev.atll.policy;

import dev.atll.policy.Candidate.Reason;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

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

  /** Live and stored bytes are added up in this part of a byte: a sum that no order changes. */
  private static final double BYTE_PARTS = 1024;

  /**
   * Something that frees bytes.
   *
   * @param order that of levels, slots and runs
   */
  private record Freeing(long order, SlotFacts slot, int run, double bytesFreed, double ratio) {
    static final int ALL = -1;
    private static final int LAST = (1 << 16) - 1;

    /** Most freed per byte moved first; of equals in the order of levels and slots. */
    static final Comparator<Freeing> BEST_FIRST =
        (a, b) -> {
          int byRatio = Double.compare(b.ratio, a.ratio);
          return byRatio != 0 ? byRatio : Long.compare(a.order, b.order);
        };

    Freeing(SlotFacts slot, int run, double bytesFreed, long bytesMoved) {
      this(
          ((long) slot.level() << 32 | slot.rank()) << 16 | (run == ALL ? LAST : run),
          slot,
          run,
          bytesFreed,
          bytesFreed / Math.max(1, bytesMoved));
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
    // Few are needed as a rule, so that the others are not put in order.
    PriorityQueue<Freeing> best = new PriorityQueue<>(Freeing.BEST_FIRST);
    boolean beyond = headroomBytes < 0;
    TreeIndex index = now.index();
    for (LevelFacts level : now.levels()) {
      if (!level.hasRuns()) {
        continue;
      }
      int dead =
          level.level() < sizes.deepest() ? fileDeadPermilleAbove : FILE_DEAD_PERMILLE_URGENT;
      if (index != null) {
        LevelIndex here = index.at(level.level());
        BitSet some = here.dead;
        for (int s = some.nextSetBit(0); s >= 0; s = some.nextSetBit(s + 1)) {
          addDead(level.slots().get(s), dead, best);
        }
        some = here.deleted;
        for (int s = some.nextSetBit(0); s >= 0; s = some.nextSetBit(s + 1)) {
          purge(level.slots().get(s));
        }
        continue;
      }
      for (SlotFacts slot : level.slots()) {
        addDead(slot, dead, best);
        if (beyond) {
          addOverwritten(slot, best);
        }
        purge(slot);
      }
    }
    new DeadlineRules(now, sizes, offers).offer();
    if (beyond) {
      double excess = -headroomBytes;
      PriorityQueue<Block> blocks = index == null ? new PriorityQueue<>() : blocks(index);
      while (excess > 0) {
        while (!blocks.isEmpty()
            && (best.isEmpty() || blocks.element().ratio() >= best.element().ratio())) {
          open(blocks.remove(), best);
        }
        if (best.isEmpty()) {
          break;
        }
        Freeing freeing = best.remove();
        free(freeing, true);
        excess -= freeing.bytesFreed();
      }
    }
    List<Freeing> rest = new ArrayList<>(best);
    rest.removeIf(freeing -> !freeing.mostlyDead());
    rest.sort(Freeing.BEST_FIRST);
    rest.forEach(freeing -> free(freeing, false));
  }

  /** A block of slots of the index with the greatest ratio among them. */
  private record Block(LevelIndex level, int number, double ratio) implements Comparable<Block> {
    @Override
    public int compareTo(Block other) {
      return Double.compare(other.ratio, ratio);
    }
  }

  private static PriorityQueue<Block> blocks(TreeIndex index) {
    List<Block> all = new ArrayList<>();
    for (int level = 1; level <= index.levelCount(); level++) {
      LevelIndex here = index.at(level);
      for (int b = 0; b < here.freedMost.length; b++) {
        if (here.freedMost[b] > 0) {
          all.add(new Block(here, b, here.freedMost[b]));
        }
      }
    }
    return new PriorityQueue<>(all);
  }

  private void open(Block block, PriorityQueue<Freeing> into) {
    LevelIndex here = block.level();
    int from = block.number() << LevelIndex.BLOCK_BITS;
    int to = Math.min(here.size, from + (1 << LevelIndex.BLOCK_BITS));
    for (int s = from; s < to; s++) {
      if (here.freed[s] > 0) {
        addOverwritten(here.get(s), into);
      }
    }
  }

  private void addDead(SlotFacts slot, int deadPermille, PriorityQueue<Freeing> into) {
    if (slot.leased() || slot.runList().fileDeadPermilleMost < deadPermille) {
      return;
    }
    for (int i = 0; i < slot.runs().size(); i++) {
      RunFacts run = slot.runs().get(i);
      double dead = run.fileDeadBytes();
      if (run.fileDeadPermille() >= deadPermille
          && dead * FILE_DEAD_DIVISOR >= now.settings().slotBytesTarget()) {
        into.add(new Freeing(slot, i, dead, run.bytes()));
      }
    }
  }

  private void addOverwritten(SlotFacts slot, PriorityQueue<Freeing> into) {
    Freeing freeing = overwritten(slot);
    if (freeing != null) {
      into.add(freeing);
    }
  }

  /** A merge of a free slot with all that is older there, or null if it frees nothing. */
  private @Nullable Freeing overwritten(SlotFacts slot) {
    if (slot.runs().isEmpty() || slot.leased()) {
      return null;
    }
    double inSlot = overwrittenBytes(slot);
    if (inSlot <= 0 || !mergesDownwards(slot)) {
      return null;
    }
    long resident =
        slot.level() < sizes.deepest() ? sizes.absorbedBytes(slot, Integer.MAX_VALUE) : 0;
    long moved = slot.bytes() + resident;
    // An older copy lies anywhere below; only those that the merge meets are set free by it.
    double met = moved / (double) Math.max(moved, slot.bytes() + sizes.bytesBelow(slot));
    return new Freeing(slot, Freeing.ALL, inSlot * met, moved);
  }

  /** What such a merge frees of the bytes that it moves, for the index; 0 for nothing. */
  double ratio(SlotFacts slot) {
    Freeing freeing = overwritten(slot);
    return freeing == null ? 0 : freeing.ratio();
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
    long stored = 0;
    long live = 0;
    for (RunFacts run : now.levelZero()) {
      stored += parts(run.bytes() + run.fileDeadBytes());
      live += parts(run.bytes() - run.overwrittenBytes());
    }
    TreeIndex index = now.index();
    if (index != null) {
      stored += index.stored();
      live += index.live();
    } else {
      for (LevelFacts level : now.levels()) {
        if (!level.hasRuns()) {
          continue;
        }
        for (SlotFacts slot : level.slots()) {
          stored += storedBytes(slot);
          live += liveBytes(slot);
        }
      }
    }
    return now.settings().spaceAmplificationMax() * (Math.max(live, 0) / BYTE_PARTS)
        - stored / BYTE_PARTS;
  }

  private static long parts(double bytes) {
    return Math.round(bytes * BYTE_PARTS);
  }

  /** Bytes of a slot that nothing newer replaced, in parts of a byte. */
  long liveBytes(SlotFacts slot) {
    return slot.runs().isEmpty() ? 0 : parts(slot.bytes() - overwrittenBytes(slot));
  }

  /** Bytes of a slot and of what is dead in its tables, in parts of a byte. */
  long storedBytes(SlotFacts slot) {
    return slot.runs().isEmpty() ? 0 : parts(slot.runList().storedBytes);
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
    if (slot.leased() || slot.runs().isEmpty() || !hasManyDeletions(slot)) {
      return;
    }
    double deletions = 0;
    double moved = 0;
    for (RunFacts run : slot.runs()) {
      deletions += run.tombstones();
      moved += run.entries();
    }
    int limit = Math.max(1, now.settings().tombstonePermilleMax());
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

  /** Whether so many entries of a slot are deletions that they are worth sending down. */
  boolean hasManyDeletions(SlotFacts slot) {
    double deletions = 0;
    double moved = 0;
    for (RunFacts run : slot.runs()) {
      deletions += run.tombstones();
      moved += run.entries();
    }
    int limit = Math.max(1, now.settings().tombstonePermilleMax());
    return deletions > 0 && 1000 * deletions >= limit * moved;
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
