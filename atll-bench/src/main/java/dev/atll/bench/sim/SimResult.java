package dev.atll.bench.sim;

import dev.atll.policy.Candidate.Reason;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a simulated run cost.
 *
 * @param policy the policy
 * @param workload the workload
 * @param seed the seed
 * @param fanout T
 * @param theta burden ÷ cost from which reads were relieved
 * @param ops operations
 * @param flushes flushes
 * @param userBytes key and value bytes written
 * @param writeAmplification log, flushed and compacted bytes ÷ user bytes
 * @param logPart the log's part of it
 * @param flushPart the flushes' part of it
 * @param compactionPart the compactions' part of it
 * @param compactionPartBy the same by reason
 * @param probesPerGet runs asked by a get that finds a value
 * @param blocksPerGet blocks read by it
 * @param probesPerMiss runs asked by a get that finds nothing
 * @param blocksPerMiss blocks read by it
 * @param runsPerSeek runs positioned by a seek
 * @param writeNanosPerOp unit price of flushes and compactions, an operation
 * @param readNanosPerOp unit price of probes, blocks and seeks, an operation
 * @param readNanosPerRead the same, a read
 * @param spaceAmplification stored ÷ live entries on average
 * @param spaceAmplificationMax the most at any flush
 * @param jobs compactions
 * @param moves runs handed down without a byte written
 * @param splits slots cut in two
 * @param looks questions to the policy
 * @param decisions what was done, by reason
 * @param seconds virtual time
 * @param tombstoneAgeMaxMillis age of the oldest deletion seen at a flush
 * @param predictedGain share of the cost that treating ranges apart could save, as predicted at the end
 * @param misses what of the blocks that reads asked for was in no memory; all 0 where all were mapped
 * @param levels each level at the end
 * @param timeline the course of things, if it was kept
 */
public record SimResult(
    String policy,
    String workload,
    long seed,
    int fanout,
    double theta,
    double ops,
    double flushes,
    double userBytes,
    double writeAmplification,
    double logPart,
    double flushPart,
    double compactionPart,
    Map<Reason, Double> compactionPartBy,
    double probesPerGet,
    double blocksPerGet,
    double probesPerMiss,
    double blocksPerMiss,
    double runsPerSeek,
    double writeNanosPerOp,
    double readNanosPerOp,
    double readNanosPerRead,
    double spaceAmplification,
    double spaceAmplificationMax,
    long jobs,
    long moves,
    long splits,
    long looks,
    Map<Reason, Long> decisions,
    double seconds,
    double tombstoneAgeMaxMillis,
    double predictedGain,
    Misses misses,
    List<LevelShape> levels,
    List<SimPoint> timeline) {

  /**
   * Blocks that reads asked for while tables were not mapped.
   *
   * @param asked blocks asked of the frames
   * @param missed those that were not in a frame
   * @param fromDevice reads of the device
   * @param reads gets and seeks
   * @param waitNanosPerRead what a read waited for blocks
   * @param levels of each level from 0, so far as any was asked
   */
  public record Misses(
      double asked,
      double missed,
      double fromDevice,
      double reads,
      double waitNanosPerRead,
      List<LevelMisses> levels) {

    /** Share of the blocks asked for that were in no frame; 0 if none was. */
    public double missRatio() {
      return SimPoint.ratio(missed, asked);
    }

    private static Misses of(SimTotals t) {
      double asked = 0;
      double missed = 0;
      double fromDevice = 0;
      List<LevelMisses> levels = new ArrayList<>();
      for (SimTotals.Blocks level : t.blocks) {
        levels.add(
            new LevelMisses(levels.size(), level.asked, level.missed, level.fromDevice));
        asked += level.asked;
        missed += level.missed;
        fromDevice += level.fromDevice;
      }
      return new Misses(
          asked,
          missed,
          fromDevice,
          t.gets + t.misses + t.seeks,
          SimPoint.ratio(t.waitNanos, t.gets + t.misses + t.seeks),
          List.copyOf(levels));
    }
  }

  /**
   * The same of one level.
   *
   * @param level its number
   * @param asked blocks asked of the frames
   * @param missed those that were not in a frame
   * @param fromDevice reads of the device
   */
  public record LevelMisses(int level, double asked, double missed, double fromDevice) {
    /** Share of the blocks asked for that were in no frame; 0 if none was. */
    public double missRatio() {
      return SimPoint.ratio(missed, asked);
    }
  }

  /**
   * A level.
   *
   * @param level its number
   * @param bytes what its runs show
   * @param slots its slots
   * @param runs its runs
   * @param slotsByRuns how many slots have 0, 1, 2, … runs
   */
  public record LevelShape(
      int level, double bytes, int slots, int runs, List<Integer> slotsByRuns) {}

  /** Unit price of everything, an operation. */
  public double nanosPerOp() {
    return writeNanosPerOp + readNanosPerOp;
  }

  static SimResult of(
      SimSettings settings,
      SimLoad load,
      SimTotals t,
      SimTree tree,
      double predictedGain,
      List<SimPoint> timeline) {
    double user = t.writes * settings.entry().user();
    double table = settings.entry().table();
    Map<Reason, Double> by = new LinkedHashMap<>();
    t.entriesWrittenBy.forEach(
        (reason, entries) -> by.put(reason, SimPoint.ratio(entries * table, user)));
    double log = SimPoint.ratio(t.writes * settings.entry().log(), user);
    double flush = SimPoint.ratio(t.flushEntries * table, user);
    double compaction = SimPoint.ratio(t.entriesWritten * table, user);
    double writeNanos =
        (t.flushEntries + t.entriesWritten) * table * settings.costs().writeByteNanos()
            + t.entriesRead * table * settings.costs().readByteNanos();
    double readNanos =
        (t.getProbes + t.missProbes) * settings.costs().probeNanos()
            + (t.getBlocks + t.missBlocks) * settings.costs().blockReadNanos()
            + t.seekRuns * settings.costs().seekNanos()
            + t.waitNanos;
    return new SimResult(
        settings.policy(),
        load.name(),
        settings.seed(),
        settings.fanout(),
        settings.theta(),
        t.ops,
        t.flushes,
        user,
        log + flush + compaction,
        log,
        flush,
        compaction,
        Map.copyOf(by),
        SimPoint.ratio(t.getProbes, t.gets),
        SimPoint.ratio(t.getBlocks, t.gets),
        SimPoint.ratio(t.missProbes, t.misses),
        SimPoint.ratio(t.missBlocks, t.misses),
        SimPoint.ratio(t.seekRuns, t.seeks),
        SimPoint.ratio(writeNanos, t.ops),
        SimPoint.ratio(readNanos, t.ops),
        SimPoint.ratio(readNanos, t.gets + t.misses + t.seeks),
        SimPoint.ratio(t.spaceSum, (double) t.spaceSamples),
        t.spaceMost,
        t.jobs,
        t.moves,
        t.splits,
        t.looks,
        Map.copyOf(t.decisions),
        t.nanos / 1e9,
        t.tombstoneAgeMost,
        predictedGain,
        Misses.of(t),
        shapes(tree),
        timeline);
  }

  private static List<LevelShape> shapes(SimTree tree) {
    List<LevelShape> levels = new ArrayList<>();
    for (int i = 1; i <= tree.deepest; i++) {
      double bytes = 0;
      int runs = 0;
      List<Integer> histogram = new ArrayList<>();
      for (SimSlot slot : tree.slots(i)) {
        bytes += slot.bytes();
        runs += slot.runs.size();
        while (histogram.size() <= slot.runs.size()) {
          histogram.add(0);
        }
        histogram.set(slot.runs.size(), histogram.get(slot.runs.size()) + 1);
      }
      levels.add(new LevelShape(i, bytes, tree.slots(i).size(), runs, List.copyOf(histogram)));
    }
    return levels;
  }
}
