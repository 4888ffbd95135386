package dev.atll.policy;

import java.util.List;

/**
 * Decides what is worth doing to the tree. Deterministic: two instances made alike and given the
 * same snapshots in the same order give the same lists. No clock, disk, thread or unseeded chance
 * inside. Most keep no state at all; one that does (a smoothed rate, say) changes it in
 * {@link #candidates} only, which its user calls once for each decision, never concurrently.
 */
public interface CompactionPolicy {
  /** Short lower-case name, as given to options and written to logs. */
  String name();

  /**
   * The actions worth doing now, none of which names a leased slot. They may exclude each other; the
   * scheduler takes urgent ones first, then by index, as leases and budget allow, and asks again
   * after each change. An empty list means that the tree is as the policy wants it.
   */
  List<Candidate> candidates(TreeSnapshot now);

  /**
   * Name of the picker that this policy is meant to go with, for those who let it choose; "index"
   * keeps the policy's own order.
   */
  default String picker() {
    return IndexPicker.NAME;
  }

  /**
   * The number of runs at which the slot's read and write costs would balance, as this policy
   * predicts it; published, not enforced. NaN when the policy has no opinion. May be called by any
   * thread, also during {@link #candidates}.
   */
  double predictedRuns(TreeSnapshot now, SlotFacts slot);
}
