package dev.atll.viz.model;

import dev.atll.observe.HistogramSnapshot;
import dev.atll.observe.event.Longs;
import dev.atll.observe.event.OpKind;
import dev.atll.observe.event.OpStats;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Latencies of several intervals, put together by their histograms: the mean of two percentiles is
 * the percentile of nothing.
 */
final class MergedLatencies {
  private final Map<OpKind, List<OpStats>> parts = new EnumMap<>(OpKind.class);

  void add(List<OpStats> ops) {
    for (OpStats op : ops) {
      if (op.p50Nanos() > 0) {
        parts.computeIfAbsent(op.op(), kind -> new ArrayList<>()).add(op);
      }
    }
  }

  void clear() {
    parts.values().forEach(List::clear);
  }

  /**
   * The percentiles 50, 95, 99 and 99.9 of one kind of operation, in nanoseconds.
   *
   * @return NaN where nothing was sampled, or where histograms are missing that would be needed, as
   *     in recordings of older versions
   */
  double[] percentiles(OpKind kind) {
    List<OpStats> ops = parts.getOrDefault(kind, List.of());
    if (ops.size() == 1) {
      OpStats op = ops.getFirst();
      return new double[] {op.p50Nanos(), op.p95Nanos(), op.p99Nanos(), op.p999Nanos()};
    }
    double[] merged = new double[4];
    Arrays.fill(merged, Double.NaN);
    if (!ops.isEmpty() && ops.stream().allMatch(op -> op.latencies().size() > 0)) {
      List<Longs> histograms = ops.stream().map(OpStats::latencies).toList();
      HistogramSnapshot all = HistogramSnapshot.merged(histograms);
      merged[0] = all.quantile(0.5);
      merged[1] = all.quantile(0.95);
      merged[2] = all.quantile(0.99);
      merged[3] = all.quantile(0.999);
    }
    return merged;
  }
}
