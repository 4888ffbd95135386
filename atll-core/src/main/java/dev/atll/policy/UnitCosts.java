package dev.atll.policy;

import dev.atll.api.InvalidInputException;
import java.util.Locale;

/**
 * Prices of events: given with the options and logged with each decision, so that decisions can be
 * repeated. All in nanoseconds.
 *
 * @param probeNanos one filter probe of a run
 * @param blockReadNanos one data block searched
 * @param seekNanos positioning one run for a cursor
 * @param readByteNanos reading one byte in a merge
 * @param writeByteNanos writing one byte in a merge
 */
public record UnitCosts(
    double probeNanos,
    double blockReadNanos,
    double seekNanos,
    double readByteNanos,
    double writeByteNanos) {
  // Until false positives have been seen: ten bits a key.
  private static final double BLOCKS_PER_PROBE_PRIOR = 0.01;

  /**
   * Reads five prices with slashes between, in the order of the components.
   *
   * @throws InvalidInputException if the text is anything else, or a price is not 0 to 1e9
   */
  public static UnitCosts parse(String text) {
    String[] parts = text.split("/", -1);
    double[] nanos = new double[5];
    boolean good = parts.length == nanos.length;
    for (int i = 0; good && i < nanos.length; i++) {
      try {
        nanos[i] = Double.parseDouble(parts[i].strip());
        good = nanos[i] >= 0 && nanos[i] <= 1e9;
      } catch (NumberFormatException e) {
        good = false;
      }
    }
    if (!good || nanos[3] + nanos[4] <= 0) {
      throw new InvalidInputException(
          String.format(
              Locale.ROOT,
              "\"%s\" is not five prices, probe/block/seek/byte read/byte written, each 0 to 1e9"
                  + " nanoseconds, the bytes not both 0",
              text));
    }
    return new UnitCosts(nanos[0], nanos[1], nanos[2], nanos[3], nanos[4]);
  }

  /** What reads paid at the boundary below a run, in nanoseconds. */
  public double paidNanos(RunFacts run) {
    return run.probes() * probeNanos
        + run.falsePositives() * (blockReadNanos + run.missNanos())
        + run.seeks() * (seekNanos + run.missNanos());
  }

  /**
   * What one more run costs a get: a probe, and a block where the filter is wrong.
   *
   * @param probes filters asked, 0 or more
   * @param blocks blocks that were searched in vain after them, 0 or more
   * @param missNanos what a block costs beyond one in memory
   */
  double nanosPerRun(long probes, long blocks, double missNanos) {
    double blocksPerProbe = probes == 0 ? BLOCKS_PER_PROBE_PRIOR : (double) blocks / probes;
    return probeNanos + blocksPerProbe * (blockReadNanos + missNanos);
  }

  /** The text that {@link #parse} reads. */
  public String text() {
    return
        String.format(
            Locale.ROOT,
            "%s/%s/%s/%s/%s",
            probeNanos, blockReadNanos, seekNanos, readByteNanos, writeByteNanos);
  }
}
