package dev.atll.schedule;

import dev.atll.version.Guards;
import dev.atll.version.Slot;
import dev.atll.version.Version;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which slots running jobs hold. A job leases every slot whose runs it takes away or whose bounds it
 * changes; adding a newest run needs no lease (invariant I5). A leased slot is neither split nor
 * joined, so its first key names it for as long as the lease lasts. Guarded by the scheduler's lock.
 */
final class Leases {
  /** Names a slot by level and first key. */
  static final class SlotKey {
    private final int level;
    private final byte[] low;

    SlotKey(int level, byte[] low) {
      this.level = level;
      this.low = low;
    }

    /** The slot with a rank. */
    static SlotKey of(Version version, int level, int rank) {
      return new SlotKey(level, version.level(level).guards().low(rank));
    }

    int level() {
      return level;
    }

    /** What it holds in a version, or null if it is not there. */
    @Nullable Slot slotIn(Version version) {
      int rank = rankAt(level, version.level(level).guards());
      return rank < 0 ? null : version.level(level).slots().get(rank);
    }

    byte[] low() {
      return low;
    }

    /** Its rank at a level of these guards, or -1 if it is of another level or not there any more. */
    int rankAt(int atLevel, Guards guards) {
      if (level != atLevel) {
        return -1;
      }
      int rank = guards.slotOf(low);
      return Arrays.equals(guards.low(rank), low) ? rank : -1;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof SlotKey that && level == that.level && Arrays.equals(low, that.low);
    }

    @Override
    public int hashCode() {
      return 31 * level + Arrays.hashCode(low);
    }

    @Override
    public String toString() {
      return "L" + level + Arrays.toString(low);
    }
  }

  private final Set<SlotKey> held = new HashSet<>();

  /** The ranks of the slots of a level that are held. */
  BitSet held(int level, Guards guards) {
    BitSet ranks = new BitSet();
    for (SlotKey slot : held) {
      int rank = slot.rankAt(level, guards);
      if (rank >= 0) {
        ranks.set(rank);
      }
    }
    return ranks;
  }

  /** Takes all or none, also when there is no memory to note them in. */
  boolean tryTake(Collection<SlotKey> slots) {
    for (SlotKey slot : slots) {
      if (held.contains(slot)) {
        return false;
      }
    }
    boolean taken = false;
    try {
      taken = held.addAll(slots) || slots.isEmpty();
    } finally {
      if (!taken) {
        held.removeAll(slots);
      }
    }
    return true;
  }

  /** Gives slots back; again, after that was broken off say, does no harm before they are taken anew. */
  void giveBack(Collection<SlotKey> slots) {
    held.removeAll(slots);
  }

  boolean isEmpty() {
    return held.isEmpty();
  }
}
