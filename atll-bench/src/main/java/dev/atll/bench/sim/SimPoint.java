package dev.atll.bench.sim;

/**
 * The course of things over some flushes.
 *
 * @param ops operations done when it ends
 * @param writeAmplification table bytes written ÷ those flushed, in the stretch
 * @param probesPerGet runs asked by a get, in the stretch
 * @param runsPerSeek runs positioned by a seek, in the stretch
 * @param readNanosPerRead what a read cost at unit prices, in the stretch
 * @param spaceAmplification stored ÷ live entries, on average
 * @param runs runs in the tree at its end
 */
public record SimPoint(
    double ops,
    double writeAmplification,
    double probesPerGet,
    double runsPerSeek,
    double readNanosPerRead,
    double spaceAmplification,
    int runs) {

  static SimPoint between(
      double ops, SimTotals from, SimTotals to, SimSettings settings, SimTree tree) {
    int runs = tree.levelZero.size();
    for (int i = 1; i <= tree.deepest; i++) {
      for (SimSlot slot : tree.slots(i)) {
        runs += slot.runs.size();
      }
    }
    double gets = to.gets - from.gets;
    double misses = to.misses - from.misses;
    double seeks = to.seeks - from.seeks;
    double nanos =
        (to.getProbes + to.missProbes - from.getProbes - from.missProbes)
                * settings.costs().probeNanos()
            + (to.getBlocks + to.missBlocks - from.getBlocks - from.missBlocks)
                * settings.costs().blockReadNanos()
            + (to.seekRuns - from.seekRuns) * settings.costs().seekNanos()
            + (to.waitNanos - from.waitNanos);
    return new SimPoint(
        ops,
        1
            + ratio(
                to.entriesWritten - from.entriesWritten, to.flushEntries - from.flushEntries),
        ratio(to.getProbes - from.getProbes, gets),
        ratio(to.seekRuns - from.seekRuns, seeks),
        ratio(nanos, gets + misses + seeks),
        ratio(to.spaceSum - from.spaceSum, to.spaceSamples - (double) from.spaceSamples),
        runs);
  }

  static SimTotals copy(SimTotals of) {
    SimTotals copy = new SimTotals();
    copy.entriesWritten = of.entriesWritten;
    copy.flushEntries = of.flushEntries;
    copy.gets = of.gets;
    copy.getProbes = of.getProbes;
    copy.getBlocks = of.getBlocks;
    copy.misses = of.misses;
    copy.missProbes = of.missProbes;
    copy.missBlocks = of.missBlocks;
    copy.seeks = of.seeks;
    copy.seekRuns = of.seekRuns;
    copy.waitNanos = of.waitNanos;
    copy.spaceSum = of.spaceSum;
    copy.spaceSamples = of.spaceSamples;
    return copy;
  }

  static double ratio(double a, double b) {
    return b == 0 ? 0 : a / b;
  }
}
