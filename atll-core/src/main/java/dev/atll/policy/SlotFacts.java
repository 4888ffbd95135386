package dev.atll.policy;

import java.util.List;

/**
 * What a policy may know of one slot.
 *
 * @param level level of the slot, from 1
 * @param rank rank of the slot in its level, from 0
 * @param slotId stays the same while the slot's lower guard stands, whatever its rank becomes; counts
 *     up from 1 in the order in which slots came to be, and says nothing about keys
 * @param leased whether a running job holds the slot: no action may name it
 * @param splittable whether the engine knows a key at which the slot could be split
 * @param firstChild rank of the first slot below it in the next level; -1 at the deepest level
 * @param lastChild rank of the last slot below it in the next level; -1 at the deepest level
 * @param getHeat gets that visited the slot, decayed by half each heat half-life
 * @param seekHeat cursor seeks that visited the slot, decayed likewise
 * @param writeHeat bytes that entered the slot, decayed likewise
 * @param runs runs of the slot, newest first
 */
public record SlotFacts(
    int level,
    int rank,
    long slotId,
    boolean leased,
    boolean splittable,
    int firstChild,
    int lastChild,
    double getHeat,
    double seekHeat,
    double writeHeat,
    List<RunFacts> runs) {

  /** Copies the list. */
  public SlotFacts {
    runs = RunList.of(runs);
  }

  /** Gets and seeks that visited the slot, decayed. */
  public double readHeat() {
    return getHeat + seekHeat;
  }

  /** Data bytes of all runs. */
  public long bytes() {
    return runList().bytes(0, runs.size() - 1);
  }

  /** Data bytes of the runs at positions {@code first} to {@code last}, both included. */
  public long bytes(int first, int last) {
    return runList().bytes(first, last);
  }

  /** What a block of the slot costs a read beyond one in memory, in nanoseconds. */
  public double missNanos() {
    return runList().missNanos;
  }

  /** The runs with what is known of them together. */
  RunList runList() {
    return (RunList) runs;
  }
}
