package dev.atll.version;

import java.util.concurrent.atomic.AtomicLongFieldUpdater;

/**
 * Events counted at the boundary below one run: what reads paid because this run and the next older
 * one are two and not one. Readers add from any thread (sampled, so contention is rare); policies
 * read a copy. Counts are in events of the sampled reads times the sampling period.
 */
public final class Burden {
  private static final AtomicLongFieldUpdater<Burden> PROBES =
      AtomicLongFieldUpdater.newUpdater(Burden.class, "probes");
  private static final AtomicLongFieldUpdater<Burden> MISS_PROBES =
      AtomicLongFieldUpdater.newUpdater(Burden.class, "missProbes");
  private static final AtomicLongFieldUpdater<Burden> FALSE_POSITIVES =
      AtomicLongFieldUpdater.newUpdater(Burden.class, "falsePositives");
  private static final AtomicLongFieldUpdater<Burden> MISS_FALSE_POSITIVES =
      AtomicLongFieldUpdater.newUpdater(Burden.class, "missFalsePositives");
  private static final AtomicLongFieldUpdater<Burden> SEEKS =
      AtomicLongFieldUpdater.newUpdater(Burden.class, "seeks");

  private volatile long probes;
  private volatile long missProbes;
  private volatile long falsePositives;
  private volatile long missFalsePositives;
  private volatile long seeks;

  /** Starts at zero. */
  public Burden() {}

  /** Starts at given counts, as when a run is split or a merge keeps its oldest input's boundary. */
  public Burden(
      long probes, long missProbes, long falsePositives, long missFalsePositives, long seeks) {
    this.probes = probes;
    this.missProbes = missProbes;
    this.missFalsePositives = missFalsePositives;
    this.falsePositives = falsePositives;
    this.seeks = seeks;
  }

  /**
   * Adds gets that probed this run in vain and went on to an older run.
   *
   * @param gets how many
   * @param blocks blocks of this run that they read in vain
   * @param missed whether they found no value in any run
   */
  public void addGets(long gets, long blocks, boolean missed) {
    PROBES.getAndAdd(this, gets);
    if (missed) {
      MISS_PROBES.getAndAdd(this, gets);
    }
    if (blocks > 0) {
      FALSE_POSITIVES.getAndAdd(this, blocks);
      if (missed) {
        MISS_FALSE_POSITIVES.getAndAdd(this, blocks);
      }
    }
  }

  /** Adds cursor seeks that had to position this run besides the next older one. */
  public void addSeeks(long count) {
    SEEKS.getAndAdd(this, count);
  }

  /** Gets that probed this run in vain and went on. */
  public long probes() {
    return probes;
  }

  /** Those of the probes that were by gets which found no value in any run. */
  public long missProbes() {
    return missProbes;
  }

  /** Block reads of this run that found nothing. */
  public long falsePositives() {
    return falsePositives;
  }

  /** Those of the block reads that were by gets which found no value in any run. */
  public long missFalsePositives() {
    return missFalsePositives;
  }

  /** Seeks paid for this run besides the next older one. */
  public long seeks() {
    return seeks;
  }

  /** A copy scaled by a fraction in [0, 1], for a run that is split. */
  public Burden scaled(double fraction) {
    return new Burden(
        Math.round(probes * fraction),
        Math.round(missProbes * fraction),
        Math.round(falsePositives * fraction),
        Math.round(missFalsePositives * fraction),
        Math.round(seeks * fraction));
  }
}
