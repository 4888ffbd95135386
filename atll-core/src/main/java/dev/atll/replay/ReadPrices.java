package dev.atll.replay;

import dev.atll.policy.UnitCosts;

/**
 * What a run beyond the first costs a get and a seek at one level. A seek positions every run. A get
 * that finds its key in the newest run pays nothing for the others, one that misses pays for all: the
 * mean is taken from what was counted at the boundaries over all gets that visited a slot, whatever
 * they found. Where few were counted, since slots had one run, a get is taken to pay for a probe.
 */
public final class ReadPrices {
  // The weight of the assumption, in gets: what was counted outweighs it soon.
  private static final double ASSUMED_GETS = 1000;

  private double extraGets;
  private double getNanosPaid;
  private double extraSeeks;
  private double seekNanosMissed;

  ReadPrices() {}

  /** Adds gets times runs beyond the first, and what the boundaries counted of them. */
  void add(double visits, double nanosPaid) {
    extraGets += visits;
    getNanosPaid += nanosPaid;
  }

  /** Adds seeks times runs beyond the first, and what a block cost them beyond one in memory. */
  void addSeeks(double visits, double missNanos) {
    extraSeeks += visits;
    seekNanosMissed += visits * missNanos;
  }

  /** Nanoseconds that a get pays on average for each run beyond the first. */
  public double getNanos(UnitCosts costs) {
    return (getNanosPaid + ASSUMED_GETS * costs.probeNanos()) / (extraGets + ASSUMED_GETS);
  }

  /** Nanoseconds that a seek pays for each run beyond the first. */
  public double seekNanos(UnitCosts costs) {
    return costs.seekNanos() + (seekNanosMissed == 0 ? 0 : seekNanosMissed / extraSeeks);
  }

  /** Gets times runs beyond the first that the price of a get was counted on. */
  public double getsCounted() {
    return extraGets;
  }
}
