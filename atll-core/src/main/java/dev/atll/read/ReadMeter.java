package dev.atll.read;

import dev.atll.base.Lookup;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;

/** Counts of reads. Totals are exact; costs a read are from the measured sample. Thread-safe. */
public final class ReadMeter {
  private final LongAdder gets = new LongAdder();
  private final LongAdder seeks = new LongAdder();
  private final LongAdder sampledGets = new LongAdder();
  private final LongAdder sampledProbes = new LongAdder();
  private final LongAdder sampledBlocks = new LongAdder();
  private final LongAdder sampledBytes = new LongAdder();
  private final LongAdder sampledDenials = new LongAdder();
  private final LongAdder sampledFalsePositives = new LongAdder();
  private final DoubleAdder expectedFalsePositives = new DoubleAdder();
  private final LongAdder runsPositioned = new LongAdder();

  public void countGet() {
    gets.increment();
  }

  /** Counts the costs of a measured get. */
  public void countSample(Lookup lookup) {
    sampledGets.increment();
    sampledProbes.add(lookup.filterProbes);
    sampledBlocks.add(lookup.blockReads);
    if (lookup.answer == Lookup.Answer.FOUND) {
      sampledBytes.add(lookup.valueLength);
    }
    if (lookup.filterDenials + lookup.falsePositives > 0) {
      sampledDenials.add(lookup.filterDenials);
      sampledFalsePositives.add(lookup.falsePositives);
      expectedFalsePositives.add(lookup.expectedFalsePositives);
    }
  }

  public void countSeek(int runs) {
    seeks.increment();
    runsPositioned.add(runs);
  }

  /** Point reads so far. */
  public long gets() {
    return gets.sum();
  }

  /** Cursor positionings so far. */
  public long seeks() {
    return seeks.sum();
  }

  /** Filters asked, a measured get. */
  public double probesPerGet() {
    return ratio(sampledProbes.sum(), sampledGets.sum());
  }

  /** Data blocks searched, a measured get. */
  public double blocksPerGet() {
    return ratio(sampledBlocks.sum(), sampledGets.sum());
  }

  /** Value bytes that measured gets found. */
  public long sampledBytes() {
    return sampledBytes.sum();
  }

  /** Filters asked by measured gets. */
  public long sampledProbes() {
    return sampledProbes.sum();
  }

  /** Probes of measured gets that a filter answered with no, which spared a search. */
  public long sampledDenials() {
    return sampledDenials.sum();
  }

  /** Probes of measured gets that a filter let through although the key was absent. */
  public long sampledFalsePositives() {
    return sampledFalsePositives.sum();
  }

  /** Probes of filters for keys that their runs lack, by measured gets. */
  public long vainProbes() {
    return sampledDenials.sum() + sampledFalsePositives.sum();
  }

  /** Share of {@link #vainProbes} that were admitted; 0 before the first. */
  public double falsePositiveRate() {
    return ratio(sampledFalsePositives.sum(), vainProbes());
  }

  /** What {@link #falsePositiveRate} should be, by the rates the filters were built for. */
  public double expectedFalsePositiveRate() {
    long probes = vainProbes();
    return probes == 0 ? 0 : expectedFalsePositives.sum() / probes;
  }

  /** Runs positioned, a seek. */
  public double runsPerSeek() {
    return ratio(runsPositioned.sum(), seeks.sum());
  }

  private static double ratio(long a, long b) {
    return b == 0 ? 0 : (double) a / b;
  }
}
