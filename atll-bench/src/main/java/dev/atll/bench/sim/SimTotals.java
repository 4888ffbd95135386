package dev.atll.bench.sim;

import dev.atll.policy.Candidate.Reason;
import java.util.EnumMap;
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
  double nanos;
  double spaceSum;
  double spaceMost;
  long spaceSamples;
  double tombstoneAgeMost;
}
