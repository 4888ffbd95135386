package dev.atll.read;

import java.util.concurrent.atomic.LongAdder;

/** Counts of reads. Totals are exact; costs a read are from the measured sample. Thread-safe. */
public final class ReadMeter {
  private final LongAdder gets = new LongAdder();
  private final LongAdder seeks = new LongAdder();
  private final LongAdder sampledGets = new LongAdder();
  private final LongAdder sampledProbes = new LongAdder();
  private final LongAdder sampledBlocks = new LongAdder();
  private final LongAdder runsPositioned = new LongAdder();

  public void countGet() {
    gets.increment();
  }

  public void countSample(int probes, int blocks) {
    sampledGets.increment();
    sampledProbes.add(probes);
    sampledBlocks.add(blocks);
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

  /** Runs positioned, a seek. */
  public double runsPerSeek() {
    return ratio(runsPositioned.sum(), seeks.sum());
  }

  private static double ratio(long a, long b) {
    return b == 0 ? 0 : (double) a / b;
  }
}
