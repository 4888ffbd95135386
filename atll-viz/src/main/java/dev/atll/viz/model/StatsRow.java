package dev.atll.viz.model;

import dev.atll.observe.event.OpStats;
import dev.atll.observe.event.StatsEvent;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One row of the history, made of one measurement and the one before it. Latencies are not in it:
 * {@link History} merges them by their histograms.
 */
final class StatsRow {
  private final double[] values = new double[Series.values().length];

  private StatsRow() {
    Arrays.fill(values, Double.NaN);
  }

  static double[] of(
      StatsEvent.Measured s, StatsEvent.@Nullable Measured before, EngineModel engine) {
    StatsRow row = new StatsRow();
    s.ops().forEach(row::operation);
    if (s.userBytesWritten() > 0) {
      // Flushes and merges, as the closed forms count; the log and the manifest come on top.
      row.set(
          Series.WRITE_AMPLIFICATION,
          ((double) s.flushBytesWritten() + s.compactionBytesWritten()) / s.userBytesWritten());
      row.set(Series.WRITE_AMPLIFICATION_WITH_LOG, s.writeAmplification());
    }
    if (s.readAmplificationPoint() > 0) {
      // 0 means that no point lookup has asked a run yet, not that lookups are free.
      row.set(Series.READ_AMPLIFICATION, s.readAmplificationPoint());
    }
    row.set(Series.SPACE_AMPLIFICATION, s.spaceAmplification());
    double seconds = s.intervalNanos() / 1e9;
    if (before != null && seconds > 0) {
      row.rates(before, s, seconds);
    }
    row.set(Series.MEMTABLE_BYTES, (double) s.memtableBytes());
    row.set(Series.L0_FILES, s.l0Files());
    row.set(Series.WAL_BYTES, (double) s.walBytes());
    row.set(Series.DEBT_BYTES, (double) s.debtBytes());
    row.set(Series.CACHE_HIT_RATE, s.cacheHitRate());
    row.set(Series.LIVE_BYTES, (double) s.liveBytes());
    row.set(Series.DEAD_BYTES, (double) s.deadBytes());
    row.set(Series.OVERLAP, engine.overlap());
    row.set(Series.PREDICTED_GAIN, engine.predictedGain());
    row.set(Series.REGRET_FRACTION, engine.regretFraction());
    return row.values;
  }

  // Bytes and stalls are totals since the store was opened; a total that falls is a new opening.
  private void rates(StatsEvent.Measured before, StatsEvent.Measured now, double seconds) {
    set(
        Series.USER_BYTES_PER_SECOND,
        rate(before.userBytesWritten(), now.userBytesWritten(), seconds));
    set(
        Series.FLUSH_BYTES_PER_SECOND,
        rate(before.flushBytesWritten(), now.flushBytesWritten(), seconds));
    set(
        Series.COMPACTION_READ_BYTES_PER_SECOND,
        rate(before.compactionBytesRead(), now.compactionBytesRead(), seconds));
    set(
        Series.COMPACTION_WRITE_BYTES_PER_SECOND,
        rate(before.compactionBytesWritten(), now.compactionBytesWritten(), seconds));
    // Several writers may wait at once; more than all of the time says nothing more.
    set(
        Series.STALL_FRACTION,
        Math.min(1, rate(before.stallNanos(), now.stallNanos(), seconds) / 1e9));
  }

  private static double rate(long before, long now, double seconds) {
    return Math.max(0, now - before) / seconds;
  }

  private void operation(OpStats op) {
    switch (op.op()) {
      case GET -> set(Series.GET_RATE, op.opsPerSecond());
      case PUT -> set(Series.PUT_RATE, op.opsPerSecond());
      case DELETE -> set(Series.DELETE_RATE, op.opsPerSecond());
      case SCAN -> set(Series.SCAN_RATE, op.opsPerSecond());
      case BATCH -> set(Series.BATCH_RATE, op.opsPerSecond());
      case COMMIT -> set(Series.COMMIT_RATE, op.opsPerSecond());
    }
  }

  // A row is an array because it is sent as one; its columns are the series in their order.
  @SuppressWarnings("EnumOrdinal")
  private void set(Series series, double value) {
    values[series.ordinal()] = value;
  }
}
