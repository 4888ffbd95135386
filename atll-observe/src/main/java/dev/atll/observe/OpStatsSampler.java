package dev.atll.observe;

import dev.atll.observe.event.OpKind;
import dev.atll.observe.event.OpStats;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Turns {@link Metrics#OPS} and {@link Metrics#OP_LATENCY} into the operations' part of a {@link
 * dev.atll.observe.event.StatsEvent.Measured}: what happened since the sample before. The label
 * {@code op} is the lower-case name of an {@link OpKind}. For one thread at a time.
 */
public final class OpStatsSampler {
  private final StripedMeter meter;
  private final Map<OpKind, Previous> previous = new EnumMap<>(OpKind.class);
  private long previousNanos;

  private record Previous(long count, HistogramSnapshot latency) {}

  /**
   * Begins the first interval.
   *
   * @param meter where operations are counted
   * @param nowNanos monotonic time
   */
  public OpStatsSampler(StripedMeter meter, long nowNanos) {
    this.meter = meter;
    sample(nowNanos);
  }

  /**
   * The label value of a kind of operation.
   *
   * @param op the kind
   * @return its lower-case name
   */
  public static String label(OpKind op) {
    return op.name().toLowerCase(Locale.ROOT);
  }

  /**
   * Ends an interval and begins the next.
   *
   * @param nowNanos monotonic time
   * @return the kinds of operation that happened in the interval
   */
  public List<OpStats> sample(long nowNanos) {
    double seconds = (nowNanos - previousNanos) * 1e-9;
    previousNanos = nowNanos;
    MeterSnapshot now = meter.snapshot();
    List<OpStats> ops = new ArrayList<>();
    for (OpKind op : OpKind.values()) {
      long count = now.counter(Metrics.OPS, label(op));
      HistogramSnapshot latency = now.histogram(Metrics.OP_LATENCY, label(op));
      Previous before = previous.put(op, new Previous(count, latency));
      if (before != null && count > before.count) {
        HistogramSnapshot recent = latency.since(before.latency);
        long happened = count - before.count;
        ops.add(
            new OpStats(
                op,
                happened,
                seconds > 0 ? happened / seconds : 0,
                recent.quantile(0.5),
                recent.quantile(0.95),
                recent.quantile(0.99),
                recent.quantile(0.999),
                recent.max(),
                recent.sparse()));
      }
    }
    return ops;
  }
}
