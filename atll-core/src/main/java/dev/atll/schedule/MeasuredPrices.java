package dev.atll.schedule;

import dev.atll.policy.UnitCosts;
import dev.atll.tree.ProbeTimes;

/**
 * What merged bytes and probes of filters cost. In memory it is what the option says. Where tables are
 * read by blocks a merged byte costs the time that merges took of late for each byte they read: there a
 * merge waits for the device, as the reads do that it shall spare (decision 0131). A probe costs what
 * probes took of late (decision 0140). Neither is less than the option's. Prices change in steps, as they
 * are recorded with the looks that they are for. Thread-safe.
 */
public final class MeasuredPrices {
  // The mean is taken over so many bytes, or memtables where these are less; before so much was
  // measured the option counts.
  private static final long MEAN_BYTES_MAX = 64 << 20;
  private static final int MEAN_MEMTABLES = 16;
  // The same for probes: the least is that of 65,536 gets that ask four filters each, the most what
  // keeps other users of the processor from moving the price, and with it whole looks, at each turn.
  private static final double PROBES_MIN = 4_096;
  private static final double PROBES_MEAN = 65_536;
  // A price stays while the mean is within this factor of it.
  private static final double STEP = 1.25;

  private final UnitCosts option;
  private final double optionByteNanos;
  private final ProbeTimes probes;
  private final int samplePeriod;
  private final Mean bytes;
  private final Mean probe = new Mean(PROBES_MIN, PROBES_MEAN);
  private UnitCosts inForce;
  private double byteNanos;
  private double probeNanos;
  private long probesSeen;
  private long probeNanosSeen;
  private long readBilled;
  private long writtenBilled;
  private double billedNanos;
  private long probesBilled;
  private double probesBilledNanos;

  /** A mean over the last {@code span} things, which says nothing before it has seen the least. */
  private static final class Mean {
    private final double least;
    private final double span;
    private double seen;
    private double nanosEach;

    Mean(double least, double span) {
      this.least = least;
      this.span = span;
    }

    void add(long count, long nanos) {
      seen = Math.min(span, seen + count);
      nanosEach += ((double) nanos / count - nanosEach) * Math.min(1, count / seen);
    }

    /** The mean, at least the option's price, and the option's until enough was seen. */
    double atLeast(double option) {
      return seen < least ? option : Math.max(option, nanosEach);
    }
  }

  /**
   * The option is in force until enough was measured.
   *
   * @param memtableBytes the size of a memtable, 1 or more
   * @param probes what probes of measured gets take
   * @param samplePeriod gets that a measured one stands for, 1 or more
   */
  public MeasuredPrices(
      UnitCosts option, long memtableBytes, ProbeTimes probes, int samplePeriod) {
    this.option = option;
    this.optionByteNanos = option.readByteNanos() + option.writeByteNanos();
    this.probes = probes;
    this.samplePeriod = samplePeriod;
    double meanBytes = Math.min(MEAN_BYTES_MAX, (double) MEAN_MEMTABLES * memtableBytes);
    this.bytes = new Mean(meanBytes, meanBytes);
    this.inForce = option;
    this.byteNanos = optionByteNanos;
    this.probeNanos = option.probeNanos();
  }

  /**
   * Learns from a slice of a merge.
   *
   * @param read input, in bytes
   * @param nanos what it took until its outputs were written
   */
  synchronized void learn(long read, long nanos) {
    if (read > 0 && nanos > 0) {
      bytes.add(read, nanos);
    }
  }

  /** The prices of the last look; asking changes nothing. */
  synchronized UnitCosts inForce() {
    return inForce;
  }

  /**
   * The prices for the next look, in force from now on.
   *
   * @param mapped whether tables are mapped
   */
  synchronized UnitCosts costs(boolean mapped) {
    learnProbes();
    double wantedByte = mapped ? optionByteNanos : bytes.atLeast(optionByteNanos);
    double wantedProbe = mapped ? option.probeNanos() : probe.atLeast(option.probeNanos());
    double byteNext = step(byteNanos, wantedByte, optionByteNanos);
    double probeNext = step(probeNanos, wantedProbe, option.probeNanos());
    if (byteNext != byteNanos || probeNext != probeNanos) {
      byteNanos = byteNext;
      probeNanos = probeNext;
      inForce = prices();
    }
    return inForce;
  }

  /** The price that holds now: the old one while what is wanted is near it, but back to the option's. */
  private static double step(double now, double wanted, double option) {
    boolean moves = wanted == option || wanted > now * STEP || wanted < now / STEP;
    return moves ? wanted : now;
  }

  private UnitCosts prices() {
    if (byteNanos == optionByteNanos && probeNanos == option.probeNanos()) {
      return option;
    }
    double factor = byteNanos / optionByteNanos;
    return new UnitCosts(
        probeNanos,
        option.blockReadNanos(),
        option.seekNanos(),
        option.readByteNanos() * factor,
        option.writeByteNanos() * factor);
  }

  private void learnProbes() {
    long nanos = probes.nanos();
    long count = probes.probes();
    if (count > probesSeen && nanos > probeNanosSeen) {
      probe.add(count - probesSeen, nanos - probeNanosSeen);
      probesSeen = count;
      probeNanosSeen = nanos;
    }
  }

  /** What all merges cost so far, each at the price of its time; grows only. */
  synchronized double billed(long bytesRead, long bytesWritten) {
    billedNanos +=
        (bytesRead - readBilled) * inForce.readByteNanos()
            + (bytesWritten - writtenBilled) * inForce.writeByteNanos();
    readBilled = bytesRead;
    writtenBilled = bytesWritten;
    return billedNanos;
  }

  /** What probes cost so far beyond the option's price, each at the price of its time; grows only. */
  synchronized double billedProbes() {
    long count = probes.probes();
    probesBilledNanos +=
        (double) (count - probesBilled) * samplePeriod * (inForce.probeNanos() - option.probeNanos());
    probesBilled = count;
    return probesBilledNanos;
  }
}
