package dev.atll.bench.sim;

import dev.atll.policy.Candidate.Reason;
import dev.atll.policy.UnitCosts;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What was counted over a stretch of virtual time. */
final class SimTotals {
  double ops;
  double writes;
  double flushes;
  double flushEntries;
  double entriesRead;
  double entriesWritten;
  final Map<Reason, Double> entriesWrittenBy = new EnumMap<>(Reason.class);
  final Map<Reason, Long> decisions = new EnumMap<>(Reason.class);
  long jobs;
  long moves;
  long splits;
  long looks;
  double gets;
  double getProbes;
  double getBlocks;
  double misses;
  double missProbes;
  double missBlocks;
  double seeks;
  double seekRuns;
  // Of the levels, from 0; grows with the tree.
  final List<Blocks> blocks = new ArrayList<>();
  // What reads waited for blocks that were in no memory.
  double waitNanos;
  double nanos;
  double spaceSum;
  double spaceMost;
  long spaceSamples;
  double tombstoneAgeMost;

  /** Blocks of one level that reads asked of a cache. */
  static final class Blocks {
    double asked;
    double missed;
    double fromDevice;
  }

  Blocks blocks(int level) {
    while (blocks.size() <= level) {
      blocks.add(new Blocks());
    }
    return blocks.get(level);
  }

  /** What reads cost: at unit prices, and what they waited besides. */
  double readNanos(UnitCosts costs) {
    return (getProbes + missProbes) * costs.probeNanos()
        + (getBlocks + missBlocks) * costs.blockReadNanos()
        + seekRuns * costs.seekNanos()
        + waitNanos;
  }

  /** What compactions cost at unit prices. */
  double mergeNanos(SimSettings settings) {
    return (entriesWritten * settings.costs().writeByteNanos()
            + entriesRead * settings.costs().readByteNanos())
        * settings.entry().table();
  }
}
