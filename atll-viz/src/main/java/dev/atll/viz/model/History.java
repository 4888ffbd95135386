package dev.atll.viz.model;

import dev.atll.observe.event.OpKind;
import dev.atll.observe.event.OpStats;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sixty minutes of every series at falling resolution: the newest five minutes by the second, then
 * by five and by fifteen seconds. Memory is fixed from the start.
 */
final class History implements Section {
  static final int WIDTH = Series.values().length;
  private static final int DIGITS = 3;

  /** Series of percentiles 50, 95, 99 and 99.9. */
  private static final Map<OpKind, List<Series>> LATENCIES =
      Map.of(
          OpKind.GET, List.of(Series.GET_P50, Series.GET_P95, Series.GET_P99, Series.GET_P999),
          OpKind.PUT, List.of(Series.PUT_P50, Series.PUT_P95, Series.PUT_P99, Series.PUT_P999),
          OpKind.SCAN,
              List.of(Series.SCAN_P50, Series.SCAN_P95, Series.SCAN_P99, Series.SCAN_P999));

  private final Tier[] tiers = {new Tier(1, 300), new Tier(5, 240), new Tier(15, 240)};
  private final List<double[]> fresh = new ArrayList<>();

  /**
   * Adds what was measured.
   *
   * @param millis place on the time line, not before earlier ones
   * @param values one for each series, NaN where nothing was measured
   * @param ops operations of the interval, whose latencies are merged
   */
  void add(long millis, double[] values, List<OpStats> ops) {
    for (Tier tier : tiers) {
      double[] closed = tier.add(millis, values, ops);
      if (closed != null && tier == tiers[0]) {
        fresh.add(closed);
        if (fresh.size() > tier.rows.length) {
          fresh.removeFirst();
        }
      }
    }
  }

  @SuppressWarnings("EnumOrdinal") // The columns of a row are the series in their order.
  private static int place(Series series) {
    return series.ordinal();
  }

  /** All rows, oldest first: seconds, then the values. */
  List<double[]> rows() {
    List<double[]> rows = new ArrayList<>();
    for (int i = tiers.length - 1; i >= 0; i--) {
      double finerBegins = i == 0 ? Double.MAX_VALUE : tiers[i - 1].oldestSeconds();
      tiers[i].copyBefore(finerBegins, rows);
    }
    return rows;
  }

  @Override
  public boolean dirty() {
    return !fresh.isEmpty();
  }

  @Override
  public void writeFull(Json json) {
    json.name("series").array();
    for (Series series : Series.values()) {
      json.value(series.wireName);
    }
    json.endArray();
    writePoints(json, rows());
  }

  @Override
  public void writeDelta(Json json, long nowMillis) {
    writePoints(json, fresh);
    fresh.clear();
  }

  private static void writePoints(Json json, List<double[]> rows) {
    json.name("points").array();
    for (double[] row : rows) {
      json.array();
      for (double value : row) {
        json.value(value, Math.abs(value) >= 1000 ? 0 : DIGITS);
      }
      json.endArray();
    }
    json.endArray();
  }

  /** Rows of one resolution in a ring, and the row that is still being averaged. */
  private static final class Tier {
    private final int stepSeconds;
    private final double[][] rows;
    private int size;
    private int next;
    private long bucket = -1;
    private final double[] sums = new double[WIDTH];
    private final int[] counts = new int[WIDTH];
    private final MergedLatencies latencies = new MergedLatencies();

    Tier(int stepSeconds, int rowsMax) {
      this.stepSeconds = stepSeconds;
      this.rows = new double[rowsMax][];
    }

    double @Nullable [] add(long millis, double[] values, List<OpStats> ops) {
      long place = millis / (stepSeconds * 1_000L);
      double @Nullable [] closed = null;
      if (place != bucket) {
        closed = close();
        bucket = place;
      }
      for (int i = 0; i < WIDTH; i++) {
        if (!Double.isNaN(values[i])) {
          sums[i] += values[i];
          counts[i]++;
        }
      }
      latencies.add(ops);
      return closed;
    }

    private double @Nullable [] close() {
      if (bucket < 0) {
        return null;
      }
      double[] row = new double[WIDTH + 1];
      row[0] = bucket * (double) stepSeconds;
      for (int i = 0; i < WIDTH; i++) {
        row[i + 1] = counts[i] == 0 ? Double.NaN : sums[i] / counts[i];
      }
      LATENCIES.forEach(
          (kind, series) -> {
            double[] percentiles = latencies.percentiles(kind);
            for (int i = 0; i < percentiles.length; i++) {
              row[place(series.get(i)) + 1] = percentiles[i];
            }
          });
      latencies.clear();
      Arrays.fill(sums, 0);
      Arrays.fill(counts, 0);
      rows[next] = row;
      next = (next + 1) % rows.length;
      size = Math.min(size + 1, rows.length);
      return row;
    }

    double oldestSeconds() {
      return size == 0 ? Double.MAX_VALUE : rows[(next - size + rows.length) % rows.length][0];
    }

    // A coarse row that reaches into the finer ones would show the same time twice.
    void copyBefore(double endSeconds, List<double[]> into) {
      for (int i = 0; i < size; i++) {
        double[] row = rows[(next - size + i + rows.length) % rows.length];
        if (row[0] + stepSeconds <= endSeconds) {
          into.add(row);
        }
      }
    }
  }
}
