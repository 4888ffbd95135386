package dev.atll.policy;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * The facts of a tree, kept from look to look. Who changes something says which slot; what policies ask of
 * many slots together (totals by level, bytes below a slot, slots that may be full, mostly dead or
 * joined) is then brought up for that slot and those above it, and a look costs what has changed, not what
 * there is. What a look sees is the same to the last bit as facts made anew.
 *
 * <p>The snapshot of a look shows the index itself: it is for that look, and {@link TreeSnapshot#fixed}
 * makes one to keep. Not thread-safe: in the engine guarded by the scheduler's lock.
 */
public final class TreeIndex {
  // A slot may be full from this part of its share on: see findFull.
  private static final double FULL_MARGIN = 0.9;

  private final PolicySettings settings;
  private final List<LevelIndex> levels = new ArrayList<>();
  private long look;
  private long droppableUpTo;
  private long nowMillis;
  private boolean reshaped;
  private boolean settled = true;
  private long live;
  private long stored;
  private Object owner = this;
  private long ownerLook;

  /** An index of an empty tree of no levels. */
  public TreeIndex(PolicySettings settings) {
    this.settings = settings;
  }

  /** Number of levels. */
  public int levelCount() {
    return levels.size();
  }

  /**
   * Begins a look.
   *
   * @param decay factor for all heats, above 0 up to 1
   * @param upTo revisions up to this may be dropped
   * @param millis wall time, for the age of deletions
   */
  public void begin(double decay, long upTo, long millis) {
    look++;
    if (upTo < droppableUpTo) {
      levels.forEach(LevelIndex::allAge); // it goes up as a rule
    }
    droppableUpTo = upTo;
    nowMillis = millis;
    for (LevelIndex level : levels) {
      if (settled) { // else the look before came to nothing
        level.changed.clear();
        level.settling.clear();
      }
      if (decay != 1) {
        level.decay(decay);
      }
    }
    settled = false;
  }

  /**
   * Gives a level other slots; {@link #nest} and {@link #put} for the new ones have to follow.
   *
   * @param level from 1, at most one more than there are
   * @param from for each slot its rank before, ascending, or -1 for a new one
   */
  public void reshape(int level, int[] from) {
    if (level > levels.size()) {
      levels.add(new LevelIndex(this, level));
    }
    at(level).reshape(from);
    reshaped = true;
  }

  /**
   * Says where the children of a level's slots begin.
   *
   * @param starts for each slot, and behind the last one; empty for the last level
   */
  public void nest(int level, int[] starts) {
    LevelIndex here = at(level);
    here.starts = starts;
    if (level < levels.size()) {
      LevelIndex children = at(level + 1);
      int[] parents = new int[children.size];
      for (int s = 0; s < here.size; s++) {
        for (int i = starts[s]; i < starts[s + 1]; i++) {
          parents[i] = s;
        }
      }
      children.parents = parents;
      BitSet firsts = new BitSet();
      for (int s = 1; s < here.size; s++) {
        firsts.set(starts[s]);
      }
      // The pair on the two sides of a guard that came or went above is another one.
      children.firsts.xor(firsts);
      BitSet other = children.firsts;
      for (int i = other.nextSetBit(0); i >= 0; i = other.nextSetBit(i + 1)) {
        children.settling.set(Math.max(0, i - 1), Math.min(children.size, i + 1));
      }
      children.firsts = firsts;
    }
  }

  /**
   * Says what a slot holds, if any of it changed.
   *
   * @param runs as {@link RunFacts#slot} makes them; their ages and whether they are retained are those of now
   * @param deletionsSince by run, wall time when its oldest deletion was flushed, 0 for none
   * @param maxRevisions by run, its newest revision
   */
  public void put(
      int level,
      int rank,
      long slotId,
      boolean leased,
      boolean splittable,
      List<RunFacts> runs,
      long[] deletionsSince,
      long[] maxRevisions) {
    LevelIndex here = at(level);
    LevelIndex.Entry entry = here.entries[rank];
    RunList next = RunList.of(runs);
    boolean other =
        leased != entry.leased
            || splittable != entry.splittable
            || slotId != entry.slotId
            || areOther(next, entry.runs);
    next.takeFrom(entry.runs);
    here.leases += (leased ? 1 : 0) - (entry.leased ? 1 : 0);
    entry.slotId = slotId;
    entry.leased = leased;
    entry.splittable = splittable;
    entry.runs = next;
    entry.deletionsSince = deletionsSince;
    entry.maxRevisions = maxRevisions;
    entry.ages = ages(entry);
    entry.factsLook = 0;
    long more = next.bytes(0, next.size() - 1) - here.bytes[rank];
    int moreRuns = next.size() - here.runs[rank];
    here.bytes[rank] += more;
    here.runs[rank] += moreRuns;
    here.bytesSum += more;
    here.runsSum += moreRuns;
    here.changed.set(rank);
    if (other) {
      here.settling.set(rank);
    }
    if (!reshaped && level > 1) {
      at(level - 1).changed.set(here.parents[rank]);
      if (other) {
        raise(level, rank, more, moreRuns);
      }
    }
  }

  /** Whether runs are others, or others are dead in their tables, than before. */
  private static boolean areOther(RunList now, RunList before) {
    if (now.size() != before.size()) {
      return true;
    }
    for (int i = 0; i < now.size(); i++) {
      RunFacts run = now.get(i);
      RunFacts former = before.get(i);
      if (run.runId() != former.runId()
          || run.bytes() != former.bytes()
          || run.entries() != former.entries()
          || run.tombstones() != former.tombstones()
          || run.overwritePermille() != former.overwritePermille()
          || run.fileDeadPermille() != former.fileDeadPermille()) {
        return true;
      }
    }
    return false;
  }

  private static boolean ages(LevelIndex.Entry entry) {
    for (int i = 0; i < entry.runs.size(); i++) {
      RunFacts run = entry.runs.get(i);
      if (run.retained() || (entry.deletionsSince[i] != 0 && run.tombstones() > 0)) {
        return true;
      }
    }
    return false;
  }

  /** What changed below a slot changed for those above it. */
  private void raise(int level, int rank, long more, int moreRuns) {
    int slot = rank;
    for (int i = level; i > 1; i--) {
      slot = at(i).parents[slot];
      LevelIndex above = at(i - 1);
      above.below[slot] += more;
      above.runsBelow[slot] += moreRuns;
      above.belowSum += more;
      above.settling.set(slot);
    }
  }

  /** Adds to the heat of a slot what was counted since. */
  public void heat(int level, int rank, long gets, long seeks, long bytes) {
    LevelIndex here = at(level);
    here.warm = true;
    here.gets[rank] += gets;
    here.seeks[rank] += seeks;
    here.writes[rank] += bytes;
    here.entries[rank].factsLook = 0;
    here.changed.set(rank);
  }

  /** Decayed gets of a slot. */
  public double gets(int level, int rank) {
    return at(level).gets[rank];
  }

  /** Decayed seeks of a slot. */
  public double seeks(int level, int rank) {
    return at(level).seeks[rank];
  }

  /** Decayed bytes that entered a slot. */
  public double writes(int level, int rank) {
    return at(level).writes[rank];
  }

  /** The tree of this look; until the next begins. */
  public TreeSnapshot snapshot(
      UnitCosts costs, double theta, List<Integer> uniformRuns, List<RunFacts> levelZero) {
    List<LevelFacts> facts = new ArrayList<>();
    double target = settings.memtableBytes();
    for (LevelIndex level : levels) {
      target = Math.min(Long.MAX_VALUE / 4.0, target * settings.fanout());
      facts.add(LevelFacts.of(level.level, (long) target, settings, level));
    }
    TreeSnapshot now =
        new TreeSnapshot(settings, costs, theta, uniformRuns, levelZero, facts);
    if (reshaped) {
      sumBelow();
      reshaped = false;
    }
    settle(now);
    settled = true;
    return now;
  }

  /** After slots were cut or joined: in one pass over plain arrays. */
  private void sumBelow() {
    for (int i = levels.size(); i >= 1; i--) {
      LevelIndex here = at(i);
      here.below = new long[here.size];
      here.runsBelow = new int[here.size];
      here.belowSum = 0;
      if (i == levels.size()) {
        continue;
      }
      LevelIndex children = at(i + 1);
      for (int s = 0; s < here.size; s++) {
        long bytes = 0;
        int runs = 0;
        for (int c = here.starts[s]; c < here.starts[s + 1]; c++) {
          bytes += children.bytes[c] + children.below[c];
          runs += children.runs[c] + children.runsBelow[c];
        }
        here.below[s] = bytes;
        here.runsBelow[s] = runs;
        here.belowSum += bytes;
      }
      setParents(children.changed, children, here.changed);
      setParents(children.settling, children, here.settling);
    }
  }

  private static void setParents(BitSet some, LevelIndex level, BitSet above) {
    for (int c = some.nextSetBit(0); c >= 0; c = some.nextSetBit(c + 1)) {
      above.set(level.parents[c]);
    }
  }

  private void settle(TreeSnapshot now) {
    SizeRules sizes = new SizeRules(now);
    SpaceRules space = new SpaceRules(now, sizes, new Offers(now, sizes), 0);
    for (LevelIndex here : levels) {
      BitSet some = here.settling;
      if (here.level < levels.size()) {
        findFull(here, sizes);
      }
      for (int s = some.nextSetBit(0); s >= 0; s = some.nextSetBit(s + 1)) {
        settle(here, s, now, sizes, space);
      }
    }
  }

  private void settle(
      LevelIndex here, int rank, TreeSnapshot now, SizeRules sizes, SpaceRules space) {
    LevelIndex.Entry entry = here.entries[rank];
    entry.factsLook = 0;
    SlotFacts slot = here.get(rank);
    long nextLive = space.liveBytes(slot);
    long nextStored = space.storedBytes(slot);
    count(nextLive - entry.live, nextStored - entry.stored);
    entry.live = nextLive;
    entry.stored = nextStored;
    here.dead.set(rank, slot.runList().fileDeadPermilleMost >= SpaceRules.FILE_DEAD_PERMILLE_URGENT);
    here.deleted.set(rank, space.hasManyDeletions(slot));
    here.freed(rank, space.ratio(slot));
    for (int left = Math.max(0, rank - 1); left <= rank && left + 1 < here.size; left++) {
      here.joinable.set(
          left, GuardRules.mayJoin(now, here.get(left), here.get(left + 1), sizes));
    }
    if (here.fullBelowSum >= 0) {
      here.full.set(rank, mayBeFull(here, rank, sizes));
    }
  }

  /**
   * Slots that may have reached their share are found with a margin: shares change with all that lies below
   * a level, and all slots are looked at again only when that has grown by a tenth.
   */
  private void findFull(LevelIndex here, SizeRules sizes) {
    boolean stands =
        here.fullBelowSum >= 0
            && (here.fullBelowSum == 0) == (here.belowSum == 0)
            && here.belowSum <= 1.1 * here.fullBelowSum
            && here.belowSum >= 0.5 * here.fullBelowSum
            && here.size <= 1.05 * here.fullSlots
            && here.size >= 0.5 * here.fullSlots;
    if (stands) {
      return;
    }
    here.fullBelowSum = here.belowSum;
    here.fullSlots = here.size;
    here.full.clear();
    for (int s = 0; s < here.size; s++) {
      here.full.set(s, mayBeFull(here, s, sizes));
    }
  }

  private static boolean mayBeFull(LevelIndex here, int rank, SizeRules sizes) {
    long mean = Math.max(1, sizes.target(here.level) / here.fullSlots);
    double share =
        here.fullBelowSum == 0
            ? mean
            : Math.max(
                mean / 2.0,
                sizes.target(here.level) * ((double) here.below[rank] / here.fullBelowSum));
    return here.bytes[rank] >= FULL_MARGIN * share - 2;
  }

  void count(long moreLive, long moreStored) {
    live += moreLive;
    stored += moreStored;
  }

  /** Live bytes of all levels, in the unit of {@link SpaceRules}. */
  long live() {
    return live;
  }

  /** Stored bytes of all levels, in the same unit. */
  long stored() {
    return stored;
  }

  long look() {
    return look;
  }

  LevelIndex at(int level) {
    return levels.get(level - 1);
  }

  /**
   * Claims the slots' attention for a policy; returns whether it has it since the last look, so that only
   * slots that changed have to be looked at.
   */
  boolean claim(Object policy) {
    boolean had = owner.equals(policy) && ownerLook == look - 1;
    owner = policy;
    ownerLook = look;
    return had;
  }

  /** The runs of a slot with ages as of this look. */
  List<RunFacts> aged(LevelIndex.Entry entry) {
    RunList runs = entry.runs;
    if (!entry.ages) {
      return runs;
    }
    RunFacts[] changed = null;
    for (int i = 0; i < runs.size(); i++) {
      RunFacts run = runs.get(i);
      long since = entry.deletionsSince[i];
      long age = since == 0 || run.tombstones() == 0 ? 0 : Math.max(0, nowMillis - since);
      boolean retained = entry.maxRevisions[i] > droppableUpTo;
      if (run.tombstoneAgeMillis() != age || run.retained() != retained) {
        if (changed == null) {
          changed = runs.toArray(new RunFacts[0]);
        }
        changed[i] = run.aged(age, retained);
      }
    }
    if (changed != null) {
      entry.runs = RunList.of(List.of(changed));
      entry.runs.takeFrom(runs);
      entry.ages = ages(entry);
    }
    return entry.runs;
  }
}
