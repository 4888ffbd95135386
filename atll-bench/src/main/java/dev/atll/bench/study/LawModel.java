package dev.atll.bench.study;

import dev.atll.bench.sim.SimSettings;
import dev.atll.bench.workload.HotRange;
import dev.atll.bench.workload.ShiftingHotSet;
import dev.atll.policy.UnitCosts;

/**
 * What treating ranges apart should save, from where operations fall alone: a level costs a/x for writes
 * and b·(x - 1) for reads of each range, with x = K + 1 between 2 and T. Costs are nanoseconds an
 * operation at unit prices.
 *
 * @param alike the least cost with one x for all ranges
 * @param apart the least cost with an x for each
 * @param fixed what no x changes: flushes, and one run a level and one block for each read
 */
record LawModel(double alike, double apart, double fixed) {
  /** The part of the whole cost that is saved. */
  double saving() {
    return 1 - (apart + fixed) / (alike + fixed);
  }

  /**
   * The costs of a load.
   *
   * @param keys live keys
   * @param falsePositiveRate of the filters
   */
  static LawModel of(
      ShiftingHotSet hot, SimSettings settings, long keys, double falsePositiveRate) {
    UnitCosts costs = settings.costs();
    int fanout = settings.fanout();
    int levels = levels((double) keys * settings.entry().table(), settings.memtableBytes(), fanout);
    double writes = 1 - hot.readShare();
    double scans = hot.readShare() * hot.scanShare();
    double gets = hot.readShare() - scans;
    double bytes = writes * settings.entry().table();
    double a = bytes * (costs.readByteNanos() + costs.writeByteNanos()) * (fanout - 1);
    double getNanos = costs.probeNanos() + falsePositiveRate * costs.blockReadNanos();
    double b = gets * getNanos + scans * costs.seekNanos();
    double fixed = bytes * costs.writeByteNanos() + levels * b + gets * costs.blockReadNanos();
    double[][] parts = parts(hot);
    double apart = 0;
    for (double[] part : parts) {
      apart += levels * least(a * part[0], b * part[1], fanout);
    }
    return new LawModel(levels * least(a, b, fanout), apart, fixed);
  }

  /** Levels that data fill, each T times as large as the one above. */
  static int levels(double bytes, long memtableBytes, int fanout) {
    int levels = 1;
    double all = (double) memtableBytes * fanout;
    for (double level = all; all < bytes; levels++) {
      level *= fanout;
      all += level;
    }
    return levels;
  }

  private static double least(double a, double b, int fanout) {
    double x = b == 0 ? (a == 0 ? 2 : fanout) : Math.sqrt(a / b);
    x = Math.clamp(x, 2, fanout);
    return a / x + b * (x - 1);
  }

  /** Shares of writes and of reads of the ranges: where both are hot, either, and the rest. */
  static double[][] parts(ShiftingHotSet hot) {
    HotRange reads = hot.reads(0);
    HotRange writes = hot.writes(0);
    double width = hot.width();
    double both = hot.overlap() * width;
    double readsIn = reads.share() / width;
    double readsOut = (1 - reads.share()) / (1 - width);
    double writesIn = writes.share() / width;
    double writesOut = (1 - writes.share()) / (1 - width);
    double one = width - both;
    double rest = 1 - 2 * width + both;
    return new double[][] {
      {both * writesIn, both * readsIn},
      {one * writesIn, one * readsOut},
      {one * writesOut, one * readsIn},
      {rest * writesOut, rest * readsOut}
    };
  }

  /** The share of hot operations, reads and writes alike, at which two ranges side by side have a BC. */
  static ShiftingHotSet withOverlap(double similarity) {
    double low = 0.1;
    double high = 0.999;
    for (int i = 0; i < 50; i++) {
      double middle = (low + high) / 2;
      if (hot(middle).similarity() > similarity) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return hot(low);
  }

  private static ShiftingHotSet hot(double share) {
    return new ShiftingHotSet(0.5, 0.2, 20, 0.1, share, 0, 0, share);
  }
}
