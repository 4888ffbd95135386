package dev.atll.schedule;

import dev.atll.policy.UnitCosts;

/**
 * What a merged byte costs. In memory it is what the option says. Where tables are read by blocks it is
 * the time that merges took of late for each byte they read, and at least the option's: there a merge
 * waits for the device, as the reads do that it shall spare (decision 0131). It changes in
 * steps, as prices are recorded with the looks that they are for. Thread-safe.
 */
final class MergePrice {
  // The mean is taken over so many bytes, or memtables where these are less; before so much was
  // measured the option counts.
  private static final long MEAN_BYTES_MAX = 64 << 20;
  private static final int MEAN_MEMTABLES = 16;
  // A price stays while the mean is within this factor of it.
  private static final double STEP = 1.25;

  private final UnitCosts option;
  private final double optionNanos;
  private final double meanBytes;
  private double measuredBytes;
  private double meanNanos;
  private UnitCosts inForce;
  private double inForceNanos;
  private long readBilled;
  private long writtenBilled;
  private double billedNanos;

  /**
   * The option is in force until enough was measured.
   *
   * @param memtableBytes the size of a memtable, 1 or more
   */
  MergePrice(UnitCosts option, long memtableBytes) {
    this.option = option;
    this.meanBytes = Math.min(MEAN_BYTES_MAX, (double) MEAN_MEMTABLES * memtableBytes);
    this.optionNanos = option.readByteNanos() + option.writeByteNanos();
    this.inForce = option;
    this.inForceNanos = optionNanos;
  }

  /**
   * Learns from a slice of a merge.
   *
   * @param bytes input, in bytes
   * @param nanos what it took until its outputs were written
   */
  synchronized void learn(long bytes, long nanos) {
    if (bytes <= 0 || nanos <= 0) {
      return;
    }
    measuredBytes = Math.min(meanBytes, measuredBytes + bytes);
    meanNanos += ((double) nanos / bytes - meanNanos) * Math.min(1, bytes / measuredBytes);
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
    double wanted =
        mapped || measuredBytes < meanBytes ? optionNanos : Math.max(optionNanos, meanNanos);
    if (wanted == optionNanos) {
      inForce = option;
      inForceNanos = optionNanos;
    } else if (wanted > inForceNanos * STEP || wanted < inForceNanos / STEP) {
      double factor = wanted / optionNanos;
      inForce =
          new UnitCosts(
              option.probeNanos(),
              option.blockReadNanos(),
              option.seekNanos(),
              option.readByteNanos() * factor,
              option.writeByteNanos() * factor);
      inForceNanos = wanted;
    }
    return inForce;
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
}
