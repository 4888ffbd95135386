package dev.atll.policy;

import java.util.BitSet;
import java.util.List;

/**
 * A policy that looks at one slot at a time. What it brings is what all policies share: levels and
 * slots have their sizes, large slots are cut, a slot at the cap of runs is relieved first, leased
 * slots are left alone, and the bounds on space and on the age of deletions hold. What is left to say
 * is when the runs of a slot are merged, and how they are handed down.
 */
public abstract class SlotPolicy implements CompactionPolicy {
  private final String name;

  /** A policy of this name: {@link Spec#label} of what was asked for. */
  protected SlotPolicy(String name) {
    this.name = name;
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final List<Candidate> candidates(TreeSnapshot now) {
    SizeRules sizes = sizes(now);
    Look look = new Look(now, sizes, new Offers(now, sizes));
    for (LevelFacts level : now.levels()) {
      if (!level.hasRuns()) {
        continue;
      }
      BitSet down = handedDown(look, level.level());
      for (SlotFacts slot : level.slots()) {
        if (slot.leased() || slot.runs().isEmpty()) {
          continue;
        }
        if (sizes.splits(slot)) {
          look.offers().split(slot);
        } else {
          consider(slot, down.get(slot.rank()), look);
          look.offers().holdCap(slot);
        }
      }
    }
    SpaceRules space =
        new SpaceRules(now, sizes, look.offers(), SpaceRules.FILE_DEAD_PERMILLE_URGENT);
    space.offer(space.headroomBytes());
    new ReadRules(now, sizes, look.offers()).offer();
    return look.offers().inOrder();
  }

  /** How large levels shall be; as the snapshot says, unless a policy has targets of its own. */
  protected SizeRules sizes(TreeSnapshot now) {
    return new SizeRules(now);
  }

  /** Ranks of the free slots of a level that shall be handed down now. */
  protected BitSet handedDown(Look look, int level) {
    return look.sizes().handedDown(level);
  }

  /**
   * Offers what shall be done to a slot, if anything.
   *
   * @param slot a slot with runs that no job holds
   * @param full whether it is one of {@link #handedDown}
   */
  protected abstract void consider(SlotFacts slot, boolean full, Look look);
}
