package dev.atll.policy;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How large levels and slots may be: the rules that all policies share, so that what differs between
 * them is when they merge and what. Pure; for one snapshot.
 *
 * <p>Level i holds at most memtable × T^i bytes, each of its slots a share of that. A slot
 * works like a small tree of its own: it fills up to its share and is then handed down as a whole.
 * Averaged over its life it is half full, so that an absorbing promotion meets about T/2 and not T
 * times its own bytes. Slots that filled up together would also be handed down together; since that
 * stops once the level is half empty, they fall out of step after the first time.
 */
public final class SizeRules {
  /**
   * A slot splits beyond this many times the bytes a slot should hold, so that neither half is small.
   */
  static final int SPLIT_FACTOR = 2;

  /**
   * Slots are handed down while their level holds at least one part in this many of its target: what
   * a level of slots at random phases holds on average.
   */
  static final int LEVEL_FILL_DIVISOR = 2;

  /**
   * Views smaller than one part in this many of the memtable are not made: their fixed costs per
   * file and block would outweigh the copying saved.
   */
  static final int VIEW_DIVISOR = 64;

  /** How far the shares of slots are spread with random phases: 0.7 to 1.3 times the mean. */
  static final double PHASE_SPREAD = 0.3;

  private final TreeSnapshot now;
  private final @Nullable TreeIndex index;
  private final long[] targets;
  private final double spread;
  private final int deepest;
  // For each level, the bytes below each of its slots, then their sum; made when first asked for.
  private final long[] @Nullable [] below;
  // The same for whether any level below holds a run in the range of a slot, and for the shares of slots.
  private final boolean[] @Nullable [] runsBelow;
  private final long[] @Nullable [] shares;

  /** Levels hold what the snapshot says they should. */
  public SizeRules(TreeSnapshot now) {
    this(now, targets(now), 0);
  }

  /**
   * Levels hold what the policy says they should.
   *
   * @param targets bytes for each level from 1, above 0, ascending; not copied
   */
  public SizeRules(TreeSnapshot now, long[] targets) {
    this(now, targets, 0);
  }

  private static long[] targets(TreeSnapshot now) {
    long[] targets = new long[now.levels().size()];
    for (LevelFacts level : now.levels()) {
      targets[level.level() - 1] = level.bytesTarget();
    }
    return targets;
  }

  private SizeRules(TreeSnapshot now, long[] targets, double spread) {
    this.now = now;
    this.index = now.index();
    this.targets = targets;
    this.spread = spread;
    this.deepest = now.deepestLevelWithRuns();
    this.below = new long[now.levels().size()][];
    this.runsBelow = new boolean[now.levels().size()][];
    this.shares = new long[now.levels().size()][];
  }

  /**
   * The same with the shares of slots spread at random, the same for a slot each time: slots that are
   * handed down at a fixed number of runs stay in step otherwise. Decision 0081 has the figures.
   */
  public SizeRules withRandomPhases() {
    return new SizeRules(now, targets, PHASE_SPREAD);
  }

  /** Data bytes that a level should hold at most. */
  public long target(int level) {
    return targets[level - 1];
  }

  /** The deepest level that holds runs; 0 if none does. */
  public int deepest() {
    return deepest;
  }

  /** Whether there is no level to hand runs down to. */
  public boolean isBottom(int level) {
    return level == now.levels().size();
  }

  /** Bytes that a slot of this level may hold on average, at least 1. */
  public long share(int level) {
    return Math.max(1, target(level) / now.level(level).slots().size());
  }

  /**
   * Bytes that a slot may hold before it is handed down, at least 1: its part of the data below, so
   * that what goes down meets T times its own bytes everywhere. Guards may lie far from even, as after
   * a load in key order; with equal shares the few slots above most of the data would be handed down
   * again and again with next to nothing in them. Where little lies below, half the mean.
   */
  public long share(SlotFacts slot) {
    if (index != null) {
      LevelIndex here = index.at(slot.level());
      return share(slot, share(slot.level()), here.below[slot.rank()], (double) here.belowSum);
    }
    long[] known = shares[slot.level() - 1];
    if (known == null) {
      List<SlotFacts> slots = now.level(slot.level()).slots();
      known = new long[slots.size()];
      long mean = share(slot.level());
      long[] under = below(slot.level());
      for (int i = 0; i < known.length; i++) {
        known[i] = share(slots.get(i), mean, under[i], (double) under[under.length - 1]);
      }
      shares[slot.level() - 1] = known;
    }
    return known[slot.rank()];
  }

  private long share(SlotFacts slot, long mean, long under, double all) {
    long share =
        all == 0
            ? mean
            : Math.max((mean + 1) / 2, (long) (target(slot.level()) * (under / all)));
    if (spread == 0) {
      return share;
    }
    // The id mixed (Steele, Lea and Flood 2014), as a number in [-1, 1).
    long z = (slot.slotId() ^ (slot.slotId() >>> 33)) * 0xFF51AFD7ED558CCDL;
    z = (z ^ (z >>> 33)) * 0xC4CEB9FE1A85EC53L;
    double phase = ((z ^ (z >>> 33)) >> 10) * 0x1p-53;
    return Math.max(1, (long) (share * (1 + spread * phase)));
  }

  /** Bytes of a slot and of all that lies below it. */
  long weight(SlotFacts slot) {
    return slot.bytes() + bytesBelow(slot);
  }

  private long[] below(int level) {
    long[] known = below[level - 1];
    if (known == null) {
      List<SlotFacts> slots = now.level(level).slots();
      // One more for the sum.
      known = new long[slots.size() + 1];
      if (level < deepest) {
        long[] underChildren = below(level + 1);
        List<SlotFacts> children = now.level(level + 1).slots();
        for (SlotFacts slot : slots) {
          for (int i = slot.firstChild(); i <= slot.lastChild(); i++) {
            known[slot.rank()] += children.get(i).bytes() + underChildren[i];
          }
          known[slots.size()] += known[slot.rank()];
        }
      }
      below[level - 1] = known;
    }
    return known;
  }

  /** Bytes of a slot relative to its share. */
  public double fill(SlotFacts slot) {
    return (double) slot.bytes() / share(slot);
  }

  /**
   * Whether a free slot shall be cut in two: it is large, and its level may have more slots. A very
   * large one is cut even then, up to twice the count: other slots of its level are small in turn.
   */
  public boolean splits(SlotFacts slot) {
    LevelFacts level = now.level(slot.level());
    int slots = level.slots().size();
    long splitBytes = SPLIT_FACTOR * now.settings().slotBytesTarget();
    return !slot.leased()
        && slot.splittable()
        && slot.bytes() > splitBytes
        && (slots < level.slotCountTarget()
            || (slots < 2 * level.slotCountTarget() && slot.bytes() > 2 * splitBytes));
  }

  /**
   * The ranks of the free slots of a level that shall be handed down now. The deepest level grows
   * into the empty one below it only when it is full as a whole, and no further than it must: a level
   * more costs every byte one more merge.
   */
  public BitSet handedDown(int level) {
    BitSet chosen = new BitSet();
    if (isBottom(level)) {
      return chosen;
    }
    LevelFacts facts = now.level(level);
    long target = target(level);
    long enough = level >= deepest ? target : target / LEVEL_FILL_DIVISOR;
    long bytes = facts.bytes();
    if (bytes < enough) {
      return chosen;
    }
    List<SlotFacts> fullestFirst = new ArrayList<>();
    if (index != null && spread == 0 && targets[level - 1] == facts.bytesTarget()) {
      BitSet full = index.at(level).full;
      for (int rank = full.nextSetBit(0); rank >= 0; rank = full.nextSetBit(rank + 1)) {
        addIfFull(facts.slots().get(rank), fullestFirst);
      }
    } else {
      for (SlotFacts slot : facts.slots()) {
        addIfFull(slot, fullestFirst);
      }
    }
    fullestFirst.sort(Comparator.comparingLong((SlotFacts s) -> s.bytes()).reversed());
    for (SlotFacts slot : fullestFirst) {
      if (bytes < enough) {
        break;
      }
      chosen.set(slot.rank());
      bytes -= slot.bytes();
    }
    return chosen;
  }

  private void addIfFull(SlotFacts slot, List<SlotFacts> full) {
    if (slot.bytes() >= share(slot) && !slot.leased() && !splits(slot)) {
      full.add(slot);
    }
  }

  /** The slots of the next level that lie below a slot. */
  public List<SlotFacts> children(SlotFacts slot) {
    if (isBottom(slot.level())) {
      return List.of();
    }
    return now.level(slot.level() + 1).slots().subList(slot.firstChild(), slot.lastChild() + 1);
  }

  /** Whether no slot below holds a run. */
  public boolean childrenAreEmpty(SlotFacts slot) {
    for (SlotFacts child : children(slot)) {
      if (!child.runs().isEmpty()) {
        return false;
      }
    }
    return true;
  }

  /** Whether no slot below is leased, so that a promotion may absorb runs there. */
  public boolean childrenAreFree(SlotFacts slot) {
    if (isBottom(slot.level())) {
      return true;
    }
    LevelFacts next = now.level(slot.level() + 1);
    if (!next.hasLeases()) {
      return true;
    }
    for (int i = slot.firstChild(); i <= slot.lastChild(); i++) {
      if (next.slots().get(i).leased()) {
        return false;
      }
    }
    return true;
  }

  /** Whether any deeper level holds a run in the range of a slot. */
  public boolean hasRunsBelow(SlotFacts slot) {
    if (slot.level() >= deepest) {
      return false;
    }
    return index != null
        ? index.at(slot.level()).runsBelow[slot.rank()] > 0
        : runsBelow(slot.level())[slot.rank()];
  }

  private boolean[] runsBelow(int level) {
    boolean[] known = runsBelow[level - 1];
    if (known == null) {
      List<SlotFacts> slots = now.level(level).slots();
      known = new boolean[slots.size()];
      if (level < deepest) {
        boolean[] underChildren = runsBelow(level + 1);
        List<SlotFacts> children = now.level(level + 1).slots();
        for (SlotFacts slot : slots) {
          for (int i = slot.firstChild(); i <= slot.lastChild() && !known[slot.rank()]; i++) {
            known[slot.rank()] = underChildren[i] || !children.get(i).runs().isEmpty();
          }
        }
      }
      runsBelow[level - 1] = known;
    }
    return known;
  }

  /** Bytes of all deeper levels in the range of a slot. */
  long bytesBelow(SlotFacts slot) {
    return index != null
        ? index.at(slot.level()).below[slot.rank()]
        : below(slot.level())[slot.rank()];
  }

  /** Bytes of the newest {@code absorb} runs of each slot below. */
  public long absorbedBytes(SlotFacts slot, int absorb) {
    if (isBottom(slot.level())) {
      return 0;
    }
    long sum = 0;
    List<SlotFacts> below = now.level(slot.level() + 1).slots();
    for (int i = slot.firstChild(); i <= slot.lastChild(); i++) {
      SlotFacts child = below.get(i);
      sum += child.bytes(0, Math.min(absorb, child.runs().size()) - 1);
    }
    return sum;
  }

  /** Entries of all runs of the slots below. */
  double childEntries(SlotFacts slot) {
    double sum = 0;
    for (SlotFacts child : children(slot)) {
      for (RunFacts run : child.runs()) {
        sum += run.entries();
      }
    }
    return sum;
  }

  /** The most runs of a slot below. */
  public int childRunsMost(SlotFacts slot) {
    if (slot.level() >= deepest) {
      return 0;
    }
    int most = 0;
    List<SlotFacts> below = now.level(slot.level() + 1).slots();
    for (int i = slot.firstChild(); i <= slot.lastChild(); i++) {
      most = Math.max(most, below.get(i).runs().size());
    }
    return most;
  }

  /**
   * Whether the runs from a position on may go down without a byte written: nothing below has to be
   * merged with, no slot below gets more than {@code runsBelowMax} runs, and the views are not tiny.
   */
  public boolean moves(SlotFacts slot, int first, int runsBelowMax) {
    int runs = slot.runs().size() - first;
    if (runs > runsBelowMax || !childrenAreEmpty(slot)) {
      return false;
    }
    long viewBytes = slot.bytes(first, slot.runs().size() - 1) / runs / children(slot).size();
    return children(slot).size() == 1 || viewBytes >= now.settings().memtableBytes() / VIEW_DIVISOR;
  }

  /** Estimated bytes of a merge of a range of runs: newer entries replace those of the same key. */
  public long mergedBytes(SlotFacts slot, int first, int last) {
    long sum = slot.runs().get(last).bytes();
    for (int i = first; i < last; i++) {
      RunFacts run = slot.runs().get(i);
      sum += run.bytes() * (1000 - run.overwritePermille()) / 1000;
    }
    return sum;
  }
}
