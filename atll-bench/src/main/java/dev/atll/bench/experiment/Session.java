package dev.atll.bench.experiment;

import dev.atll.bench.report.Latencies;
import dev.atll.bench.report.Numbers;
import dev.atll.bench.store.Store;
import dev.atll.bench.workload.Workload;
import dev.atll.bench.workload.WorkloadSettings;
import java.util.LinkedHashMap;
import java.util.Map;

/** An open store that has turns at workloads when told to, as in a comparison. Not thread-safe. */
public final class Session implements AutoCloseable {
  private final ComparisonPlan plan;
  private final Contender contender;
  private final StopSignal stop;

  /**
   * Takes a store over.
   *
   * @param store closed with the session
   * @param plan its keys, values, threads and seed count, and the longest wait for compactions
   * @param stop ends a turn early
   */
  public Session(Store store, ComparisonPlan plan, StopSignal stop) {
    this.plan = plan;
    this.contender = new Contender(store, plan);
    this.stop = stop;
  }

  /**
   * What happened in one turn.
   *
   * @param ops operations done
   * @param entries entries read or written
   * @param userBytesWritten keys and values written
   * @param settleSeconds how long compactions went on after it
   */
  public record Turn(long ops, long entries, long userBytesWritten, double settleSeconds) {}

  /** Prepares for a workload: fresh streams, no turns yet. */
  public void begin(Workload workload) {
    contender.begin(workload, new WorkloadSettings(plan.keys(), plan.threads(), plan.seed()));
  }

  /**
   * Has a turn.
   *
   * @param opsPerThread operations each thread does at most
   * @param nanos how long it lasts at most
   * @param settles whether compactions are waited for at its end
   * @param counts whether it is more than a warm-up
   */
  public Turn turn(long opsPerThread, long nanos, boolean settles, boolean counts) {
    Tally before = contender.tally();
    double settledBefore = contender.settleSeconds();
    contender.turn(new Limits(opsPerThread, nanos), settles, counts, stop);
    Tally after = contender.tally();
    return new Turn(
        after.ops - before.ops,
        after.entries - before.entries,
        after.userBytesWritten - before.userBytesWritten,
        contender.settleSeconds() - settledBefore);
  }

  /** Moves everything in memory into tables and waits for compactions. */
  public void flush() {
    contender.store().flush();
    contender.settle();
  }

  /** Merges all tables; returns when that is done. May run on another thread than the turns. */
  public void compact() {
    contender.store().compact();
  }

  /** The rates of the turns that counted since {@link #begin}. */
  public double[] rates() {
    return contender.rates();
  }

  /** The same with the time for settling counted in. */
  public double[] settledRates() {
    return contender.settledRates();
  }

  /** The latencies since {@link #begin} in turns that counted, in microseconds. */
  public Map<String, Object> latencies() {
    Latencies all = contender.tally().all();
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("p50_micros", Numbers.digits(all.percentileMicros(50)));
    map.put("p99_micros", Numbers.digits(all.percentileMicros(99)));
    map.put("p999_micros", Numbers.digits(all.percentileMicros(99.9)));
    map.put("max_micros", Numbers.digits(all.maxMicros()));
    map.put("latency_samples", all.count());
    return map;
  }

  /** The answers since {@link #begin}, folded, for comparison with another store's. */
  public String answers() {
    Tally tally = contender.tally();
    return contender.checksum() + "/" + tally.found + "/" + tally.absent + "/" + tally.entries;
  }

  /** Bytes of the store's files. */
  public long diskBytes() {
    return contender.store().cost().diskBytes();
  }

  @Override
  public void close() {
    contender.close();
  }
}
