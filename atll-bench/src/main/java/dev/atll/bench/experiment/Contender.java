package dev.atll.bench.experiment;

import dev.atll.bench.store.ScanChecksum;
import dev.atll.bench.store.Store;
import dev.atll.bench.store.StoreCost;
import dev.atll.bench.workload.KeySpace;
import dev.atll.bench.workload.Workload;
import dev.atll.bench.workload.WorkloadSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** One engine of a comparison with its open store and the turns it has had at a workload. */
final class Contender implements AutoCloseable {
  private static final byte[] EMPTY = {};

  private final Store store;
  private final ComparisonPlan plan;
  private final List<Double> rates = new ArrayList<>();
  private final List<Double> settledRates = new ArrayList<>();
  private List<WorkloadWorker> workers = List.of();
  private boolean countsEntries;
  private double settleSeconds;
  private StoreCost costBefore = new StoreCost(0, 0, 0);

  Contender(Store store, ComparisonPlan plan) {
    this.store = store;
    this.plan = plan;
  }

  String name() {
    return store.name();
  }

  Store store() {
    return store;
  }

  /** Prepares for a workload: fresh streams, no turns yet. */
  void begin(Workload workload, WorkloadSettings settings) {
    KeySpace keys = new KeySpace(workload.order());
    List<WorkloadWorker> fresh = new ArrayList<>();
    for (int i = 0; i < settings.threads(); i++) {
      fresh.add(
          new WorkloadWorker(
              store,
              keys,
              workload.source(settings, i),
              plan.valueBytes(),
              settings.keys(),
              settings.seed() * 31 + i));
    }
    workers = fresh;
    countsEntries = workload.countsEntries();
    rates.clear();
    settledRates.clear();
    settleSeconds = 0;
    costBefore = store.cost();
  }

  /**
   * Has one turn.
   *
   * @param limits when it ends
   * @param settles whether the store is left to finish its compactions before the next one's turn,
   *     so that its debts burden nobody else
   * @param counts whether it is more than a warm-up
   */
  void turn(Limits limits, boolean settles, boolean counts, StopSignal stop) {
    long[] doneBefore = new long[workers.size()];
    long[] nanosBefore = new long[workers.size()];
    for (int i = 0; i < workers.size(); i++) {
      doneBefore[i] = done(workers.get(i));
      nanosBefore[i] = workers.get(i).tally().timedNanos;
      if (!counts) {
        workers.get(i).tally().forgetLatencies();
      }
    }
    new Phase(workers, limits, stop).run();
    double settled = settles ? settle() : 0;
    double rate = 0;
    double done = 0;
    double busySeconds = 0;
    for (int i = 0; i < workers.size(); i++) {
      double count = done(workers.get(i)) - doneBefore[i];
      double seconds = (workers.get(i).tally().timedNanos - nanosBefore[i]) / 1e9;
      rate += seconds == 0 ? 0 : count / seconds;
      done += count;
      busySeconds += seconds / workers.size();
    }
    if (counts && done > 0) {
      rates.add(rate);
      settledRates.add(done / (busySeconds + settled));
      settleSeconds += settled;
    }
    if (!counts) {
      workers.forEach(worker -> worker.tally().forgetLatencies());
    }
  }

  private long done(WorkloadWorker worker) {
    return countsEntries ? worker.tally().entries : worker.tally().ops;
  }

  /** Waits for compactions; returns how long that took, in seconds. */
  double settle() {
    long began = System.nanoTime();
    Duration most = plan.settleMax();
    store.settle(most);
    return (System.nanoTime() - began) / 1e9;
  }

  /** Operations or entries a second of each turn. */
  double[] rates() {
    return toArray(rates);
  }

  /** The same with the time for settling counted in. */
  double[] settledRates() {
    return toArray(settledRates);
  }

  /** Time spent settling in all turns. */
  double settleSeconds() {
    return settleSeconds;
  }

  /** All that was done since {@link #begin}, warm-up included. */
  Tally tally() {
    Tally sum = new Tally();
    workers.forEach(worker -> sum.add(worker.tally()));
    return sum;
  }

  /** Folds all answers since {@link #begin}. */
  long checksum() {
    long sum = 0;
    for (WorkloadWorker worker : workers) {
      sum = sum * 31 + worker.checksum();
    }
    return sum;
  }

  /** What the store had cost at {@link #begin}. */
  StoreCost costBefore() {
    return costBefore;
  }

  /** Reads everything; returns the fold of it. */
  ScanChecksum everything() {
    ScanChecksum checksum = new ScanChecksum();
    store.scan(EMPTY, null, Integer.MAX_VALUE, checksum);
    return checksum;
  }

  @Override
  public void close() {
    store.close();
  }

  private static double[] toArray(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
