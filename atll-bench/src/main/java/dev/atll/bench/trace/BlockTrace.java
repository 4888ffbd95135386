package dev.atll.bench.trace;

import dev.atll.bench.report.Numbers;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads and writes of a block device, in units of {@value #UNIT_BYTES} bytes, in the order in which
 * they came. Immutable.
 */
public final class BlockTrace {
  /** Size of a unit, which is what a key stands for. */
  public static final int UNIT_BYTES = 4096;

  /**
   * The largest share of skipped rows that is accepted without being asked for. Disks get a few
   * percent of commands that move no data; a tenth or more means that the format was taken for another.
   */
  public static final double SKIPPED_SHARE_MAX = 0.05;

  private static final int REASONS_SHOWN = 5;

  private final long[] firstUnits;
  private final int[] unitCounts;
  private final boolean[] writes;
  private final Map<String, Long> skippedByReason;
  private final int writeCount;

  private BlockTrace(
      long[] firstUnits, int[] unitCounts, boolean[] writes, Map<String, Long> skippedByReason) {
    this.firstUnits = firstUnits;
    this.unitCounts = unitCounts;
    this.writes = writes;
    this.skippedByReason = skippedByReason;
    int count = 0;
    for (boolean write : writes) {
      count += write ? 1 : 0;
    }
    this.writeCount = count;
  }

  /** How many requests there are. */
  public int size() {
    return writes.length;
  }

  /** How many of them write. */
  public int writeCount() {
    return writeCount;
  }

  /** How many rows were neither reads nor writes and were left out. */
  public long skipped() {
    return skippedByReason.values().stream().mapToLong(Long::longValue).sum();
  }

  /** How many rows were left out for which reason, such as {@code operation 35}; immutable. */
  public Map<String, Long> skippedByReason() {
    return skippedByReason;
  }

  /** The share of all rows that were left out, 0 to 1. */
  public double skippedShare() {
    long rows = size() + skipped();
    return rows == 0 ? 0 : (double) skipped() / rows;
  }

  /** What was left out, in words; empty if nothing was. */
  public String skippedText() {
    if (skipped() == 0) {
      return "";
    }
    StringBuilder reasons = new StringBuilder();
    skippedByReason.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .limit(REASONS_SHOWN)
        .forEach(
            reason ->
                reasons
                    .append(reasons.isEmpty() ? "" : ", ")
                    .append(reason.getKey())
                    .append(" × ")
                    .append(reason.getValue()));
    return String.format(
        Locale.ROOT,
        "skipped %d of %d rows (%.1f %%), which are neither reads nor writes: %s%s",
        skipped(),
        size() + skipped(),
        100 * skippedShare(),
        reasons,
        skippedByReason.size() > REASONS_SHOWN ? ", ..." : "");
  }

  /**
   * Refuses a trace of which too much was left out: what remains is another load than the one
   * recorded.
   *
   * @param name what the message calls it
   * @param shareMax the largest share of rows that may be left out, 0 to 1
   * @throws IOException if more was left out; the message says what
   */
  public void requireComplete(String name, double shareMax) throws IOException {
    if (skippedShare() > shareMax) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "%s: %s; at most %s %% may be",
              name,
              skippedText(),
              Numbers.fixed(100 * shareMax)));
    }
  }

  /** The first unit that request i touches. */
  public long firstUnit(int i) {
    return firstUnits[i];
  }

  /** How many units request i touches, at least 1. */
  public int unitCount(int i) {
    return unitCounts[i];
  }

  /** Whether request i writes. */
  public boolean isWrite(int i) {
    return writes[i];
  }

  /** Collects requests. */
  static final class Builder {
    private long[] firstUnits = new long[1024];
    private int[] unitCounts = new int[1024];
    private boolean[] writes = new boolean[1024];
    private int size;
    private final Map<String, Long> skipped = new TreeMap<>();

    void skip(String reason) {
      skipped.merge(reason, 1L, Long::sum);
    }

    void add(long firstUnit, int unitCount, boolean write) {
      if (size == writes.length) {
        firstUnits = Arrays.copyOf(firstUnits, size * 2);
        unitCounts = Arrays.copyOf(unitCounts, size * 2);
        writes = Arrays.copyOf(writes, size * 2);
      }
      firstUnits[size] = firstUnit;
      unitCounts[size] = unitCount;
      writes[size] = write;
      size++;
    }

    BlockTrace build() {
      return new BlockTrace(
          Arrays.copyOf(firstUnits, size),
          Arrays.copyOf(unitCounts, size),
          Arrays.copyOf(writes, size),
          Collections.unmodifiableMap(skipped));
    }
  }
}
