package dev.atll.bench.workload;

/**
 * Settings of the workload whose hot ranges move. Reads have one hot range and writes another of the
 * same width; {@code overlap} says how far they coincide, and with it how much there is to gain by
 * treating parts of the key space differently (see {@link HotRange#similarity}).
 *
 * @param readShare part of the operations that read, 0 to 1
 * @param scanShare part of the reads that are scans of {@code scanEntries}, 0 to 1
 * @param scanEntries entries of a scan, at least 1
 * @param width width of each hot range as part of the key space, above 0 and below 0.5
 * @param hotShare part of the reads that fall into their hot range, 0 to 1
 * @param overlap 1 if reads and writes share their hot range, 0 if the ranges only touch
 * @param periodOps operations after which both ranges jump; 0 for never
 * @param writeHotShare part of the writes that fall into theirs, 0 to 1; the width for even writes
 */
public record ShiftingHotSet(
    double readShare,
    double scanShare,
    int scanEntries,
    double width,
    double hotShare,
    double overlap,
    long periodOps,
    double writeHotShare) {
  // The golden section: the ranges of any number of periods spread evenly over the key space.
  private static final double JUMP = 0.6180339887498949;

  /** Writes as hot as reads. */
  public ShiftingHotSet(
      double readShare,
      double scanShare,
      int scanEntries,
      double width,
      double hotShare,
      double overlap,
      long periodOps) {
    this(readShare, scanShare, scanEntries, width, hotShare, overlap, periodOps, hotShare);
  }

  /** Checks the ranges. */
  public ShiftingHotSet {
    require(readShare >= 0 && readShare <= 1, "read share", readShare);
    require(scanShare >= 0 && scanShare <= 1, "scan share", scanShare);
    require(scanEntries >= 1, "scan entries", scanEntries);
    require(width > 0 && width < 0.5, "hot width", width);
    require(hotShare >= 0 && hotShare <= 1, "hot share", hotShare);
    require(overlap >= 0 && overlap <= 1, "overlap", overlap);
    require(writeHotShare >= 0 && writeHotShare <= 1, "hot share of writes", writeHotShare);
    require(periodOps >= 0, "period", (double) periodOps);
  }

  /** Half reads, a tenth of them scans of 20; 90 % of each in its own tenth; moves each 200,000. */
  public static ShiftingHotSet defaults() {
    return new ShiftingHotSet(0.5, 0.1, 20, 0.1, 0.9, 0, 200_000);
  }

  /** The period in which an operation falls. */
  public long period(long op) {
    return periodOps == 0 ? 0 : op / periodOps;
  }

  /** Where reads are hot in a period. */
  public HotRange reads(long period) {
    return new HotRange(0, width, hotShare).at(0.1 + period * JUMP);
  }

  /** Where writes are hot in a period. */
  public HotRange writes(long period) {
    return new HotRange(0, width, writeHotShare)
        .at(reads(period).low() + (1 - overlap) * width);
  }

  /** The Bhattacharyya coefficient of reads and writes: 1 if there is nothing to tell apart. */
  public double similarity() {
    return reads(0).similarity(writes(0));
  }

  private static void require(boolean holds, String name, double value) {
    if (!holds) {
      throw new IllegalArgumentException(name + " = " + value + " is out of range");
    }
  }
}
