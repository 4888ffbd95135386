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
  private static final AtomicLongFieldUpdater<Burden> FALSE_POSITIVES =
      AtomicLongFieldUpdater.newUpdater(Burden.class, "falsePositives");
  private static final AtomicLongFieldUpdater<Burden> SEEKS =
      AtomicLongFieldUpdater.newUpdater(Burden.class, "seeks");

  private volatile long probes;
  private volatile long falsePositives;
  private volatile long seeks;

  /** Starts at zero. */
  public Burden() {}

  /** Starts at given counts, as when a run is split or a merge keeps its oldest input's boundary. */
  public Burden(long probes, long falsePositives, long seeks) {
    this.probes = probes;
    this.falsePositives = falsePositives;
    this.seeks = seeks;
  }

  /** Adds gets whose probe of this run was spent before the search went on to an older run. */
  public void addProbes(long count) {
    PROBES.getAndAdd(this, count);
  }

  /** Adds gets that read a block of this run and found nothing before going on to an older run. */
  public void addFalsePositives(long count) {
    FALSE_POSITIVES.getAndAdd(this, count);
  }

  /** Adds cursor seeks that had to position this run besides the next older one. */
  public void addSeeks(long count) {
    SEEKS.getAndAdd(this, count);
  }

  /** Gets that probed this run in vain and went on. */
  public long probes() {
    return probes;
  }

  /** Block reads of this run that found nothing. */
  public long falsePositives() {
    return falsePositives;
  }

  /** Seeks paid for this run besides the next older one. */
  public long seeks() {
    return seeks;
  }

  /** A copy scaled by a fraction in [0, 1], for a run that is split. */
  public Burden scaled(double fraction) {
    return new Burden(
        Math.round(probes * fraction),
        Math.round(falsePositives * fraction),
        Math.round(seeks * fraction));
  }
}
