package dev.atll.policy;

import java.util.ArrayList;
import java.util.List;

/**
 * What any scheme that treats key ranges apart could gain over the best one that treats them alike,
 * predicted from where reads and writes fall. With x = K + 1, one range of a level costs a/x for
 * writes (a: bytes that enter × price × (T - 1)) and b·(x - 1) for reads (b: price of one more run to
 * all reads of the range). The best x per range is √(a/b); the best common x is √(Σa/Σb); both are
 * held within [2, T]. Without those bounds the ratio of the two costs is the overlap of the shares of
 * writes p and reads q, Σ√(p·q), the Bhattacharyya coefficient: 1 where both fall on the same ranges,
 * and nothing can be gained. Besides these there is what no x changes: flushes, one run a level for
 * every read, and the block that a get searches. The gain is a share of all of it.
 *
 * <p>Ranges are the slots of level 1, for all levels: what enters a deeper slot comes in a few large
 * batches, whose luck would look like skew. Skew inside a slot of level 1 is therefore not seen, and
 * the gain is understated where there is some.
 *
 * <p>Shares are estimated from counts, and noise looks like skew too: the plain estimate of the
 * overlap is too low by about Σ√(p/q)·(1 - q)/8n_r and the same for writes, which for equal shares of
 * S ranges is (S - 1)/8·(1/n_w + 1/n_r). That is added back. The interval
 * is 1.96 standard deviations of √((1 - BC²)/4·(1/n_w + 1/n_r)) either way, from the delta method.
 *
 * @param overlap the coefficient, levels weighted by their cost; NaN without reads or writes
 * @param overlapLow lower end of its interval
 * @param overlapHigh upper end of its interval
 * @param gain share of the cost of the best common numbers of runs that could be saved, 0 to 1
 * @param gainLow lower end of its interval
 * @param gainHigh upper end of its interval
 * @param ranges how many ranges were told apart
 * @param reads measured reads that the estimate rests on
 * @param writes entries that the estimate rests on
 * @param uniformRuns the best common number of runs a slot by level, level 1 first
 */
public record AdaptivityGain(
    double overlap,
    double overlapLow,
    double overlapHigh,
    double gain,
    double gainLow,
    double gainHigh,
    int ranges,
    long reads,
    long writes,
    List<Integer> uniformRuns) {
  private static final double DEVIATIONS = 1.96;

  /** Copies the list. */
  public AdaptivityGain {
    uniformRuns = List.copyOf(uniformRuns);
  }

  /**
   * Predicts from the decayed counts of a snapshot.
   *
   * @param readSamplePeriod one read in this many was measured and counted that many times
   */
  public static AdaptivityGain of(TreeSnapshot now, int readSamplePeriod) {
    int levels = Math.max(1, now.deepestLevelWithRuns());
    int ranges = now.level(1).slots().size();
    int fanout = now.settings().fanout();
    double moveByteNanos = now.costs().readByteNanos() + now.costs().writeByteNanos();
    double[] writes = new double[ranges];
    double written = 0;
    for (SlotFacts slot : now.level(1).slots()) {
      writes[slot.rank()] = slot.writeHeat() * moveByteNanos * (fanout - 1);
      written += slot.writeHeat();
    }
    double entryBytes = entryBytes(now);
    double writeSamples = written / entryBytes;
    // What no choice of K changes: each byte is written once when it is flushed, each get searches
    // the block that holds its key, and one run of each level is asked in any case (added below).
    // Without the reads' part the gain would be a share of less than the whole cost.
    double fixed = written * now.costs().writeByteNanos() + getNanos(now);
    double common = fixed;
    double apart = fixed;
    double apartLow = fixed;
    double apartHigh = fixed;
    double weight = 0;
    double overlap = 0;
    double overlapLow = 0;
    double overlapHigh = 0;
    double readSamplesMost = 0;
    List<Integer> uniform = new ArrayList<>();
    for (int level = 1; level <= levels; level++) {
      double[] reads = new double[ranges];
      double readSamples = readBurdens(now, level, reads) / readSamplePeriod;
      readSamplesMost = Math.max(readSamplesMost, readSamples);
      double a = sum(writes);
      double b = sum(reads);
      double x = balanced(a, b, fanout);
      uniform.add((int) Math.round(x - 1));
      double commonHere = a / x + b * (x - 1);
      common += b;
      apart += b;
      apartLow += b;
      apartHigh += b;
      if (!(a > 0 && b > 0)) {
        common += commonHere;
        apart += commonHere;
        apartLow += commonHere;
        apartHigh += commonHere;
        continue;
      }
      double apartHere = 0;
      double plain = 0;
      for (int r = 0; r < ranges; r++) {
        double best = balanced(writes[r], reads[r], fanout);
        apartHere += writes[r] / best + reads[r] * (best - 1);
        plain += Math.sqrt(writes[r] / a * (reads[r] / b));
      }
      double noise = 1 / writeSamples + 1 / readSamples;
      double corrected =
          Math.min(
              1, plain + bias(writes, a, reads, b, readSamples) + bias(reads, b, writes, a, writeSamples));
      double deviation = Math.sqrt(Math.max(0, 1 - corrected * corrected) / 4 * noise);
      double low = Math.max(0, corrected - DEVIATIONS * deviation);
      double high = Math.min(1, corrected + DEVIATIONS * deviation);
      common += commonHere;
      apart += between(apartHere, commonHere, plain, corrected);
      apartLow += between(apartHere, commonHere, plain, low);
      apartHigh += between(apartHere, commonHere, plain, high);
      weight += commonHere;
      overlap += commonHere * corrected;
      overlapLow += commonHere * low;
      overlapHigh += commonHere * high;
    }
    return new AdaptivityGain(
        overlap / weight,
        overlapLow / weight,
        overlapHigh / weight,
        share(common, apart),
        share(common, apartHigh),
        share(common, apartLow),
        ranges,
        Math.round(readSamplesMost),
        Math.round(writeSamples),
        uniform);
  }

  /**
   * What noise in the shares q takes off the estimate of Σ√(p·q): the second term of the expansion of
   * the root, for multinomial counts. A range without a sample is taken to have one.
   */
  private static double bias(double[] p, double sumP, double[] q, double sumQ, double samplesQ) {
    double sum = 0;
    for (int i = 0; i < q.length; i++) {
      double share = Math.max(q[i] / sumQ, 1 / samplesQ);
      sum += Math.sqrt(p[i] / sumP / share) * (1 - Math.min(1, share));
    }
    return sum / (8 * samplesQ);
  }

  /**
   * The cost of treating ranges apart at a given overlap: as computed at the plain estimate, the
   * common cost at an overlap of 1, on the line between them elsewhere.
   */
  private static double between(double apart, double common, double plain, double overlap) {
    if (plain >= 1) {
      return common;
    }
    double t = (overlap - plain) / (1 - plain);
    return Math.min(common, Math.max(0, apart + t * (common - apart)));
  }

  /** √(a/b) within [2, T]: x = K + 1 at which reads and writes balance. */
  private static double balanced(double a, double b, int fanout) {
    double x = b == 0 ? (a == 0 ? 2 : fanout) : Math.sqrt(a / b);
    return Math.max(2, Math.min(fanout, x));
  }

  /** Fills in what one more run would cost the reads of each range; returns the count of reads. */
  private static double readBurdens(TreeSnapshot now, int level, double[] into) {
    long probes = 0;
    long blocks = 0;
    for (SlotFacts slot : now.level(level).slots()) {
      for (RunFacts run : slot.runs()) {
        probes += run.probes();
        blocks += run.falsePositives();
      }
    }
    double events = 0;
    for (SlotFacts top : now.level(1).slots()) {
      int first = top.rank();
      int last = top.rank();
      for (int i = 1; i < level; i++) {
        first = now.level(i).slots().get(first).firstChild();
        last = now.level(i).slots().get(last).lastChild();
      }
      for (SlotFacts slot : now.level(level).slots().subList(first, last + 1)) {
        double getNanos = now.costs().nanosPerRun(probes, blocks, slot.missNanos());
        double seekNanos = now.costs().seekNanos() + slot.missNanos();
        into[top.rank()] += slot.getHeat() * getNanos + slot.seekHeat() * seekNanos;
        events += slot.readHeat();
      }
    }
    return events;
  }

  /** What the block that answers costs all gets that asked the tables at all. */
  private static double getNanos(TreeSnapshot now) {
    double gets = 0;
    for (SlotFacts slot : now.level(1).slots()) {
      gets += slot.getHeat();
    }
    double missed = 0;
    double bytes = 0;
    for (LevelFacts level : now.levels()) {
      for (SlotFacts slot : level.slots()) {
        missed += slot.missNanos() * slot.bytes();
        bytes += slot.bytes();
      }
    }
    return gets * (now.costs().blockReadNanos() + (missed == 0 ? 0 : missed / bytes));
  }

  private static double entryBytes(TreeSnapshot now) {
    long bytes = 0;
    long entries = 0;
    for (LevelFacts level : now.levels()) {
      for (SlotFacts slot : level.slots()) {
        for (RunFacts run : slot.runs()) {
          bytes += run.bytes();
          entries += run.entries();
        }
      }
    }
    return entries == 0 ? 1 : Math.max(1, (double) bytes / entries);
  }

  private static double share(double common, double apart) {
    return common <= 0 ? 0 : Math.max(0, 1 - apart / common);
  }

  private static double sum(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum;
  }
}
