package dev.atll.observe.event;

import java.util.List;

/** Periodic summaries of the whole engine. */
public sealed interface StatsEvent extends VizEvent {

  /**
   * Rates and latencies of the last interval, totals since the store was opened, and the levels and
   * ratios of now.
   */
  record Measured(
      long timeNanos,
      long intervalNanos,
      List<OpStats> ops,
      double writeAmplification,
      double readAmplificationPoint,
      double spaceAmplification,
      long userBytesWritten,
      long flushBytesWritten,
      long compactionBytesRead,
      long compactionBytesWritten,
      long memtableBytes,
      int sealedMemtables,
      int l0Files,
      long walBytes,
      int walSegments,
      long debtBytes,
      double cacheHitRate,
      long liveBytes,
      long deadBytes,
      long stallNanos,
      long lastRevision,
      long durableRevision,
      long eventsDropped)
      implements StatsEvent {

    /** Takes a copy of the operations. */
    public Measured {
      ops = List.copyOf(ops);
    }
  }
}
