package dev.atll.observe.event;

/** The way of a memtable into an L0 file. */
public sealed interface FlushEvent extends VizEvent {

  /** A memtable was sealed and queued for its flush. */
  record Triggered(
      long timeNanos, long memtableId, FlushReason reason, long memtableBytes, long entries)
      implements FlushEvent {}

  /** A flush job began to write a sealed memtable. */
  record Started(long timeNanos, long memtableId, long memtableBytes) implements FlushEvent {}

  /** A flushed file became part of L0; {@code views} counts the L1 slots it is cut for. */
  record Completed(
      long timeNanos,
      long memtableId,
      long fileNumber,
      long entriesIn,
      long entriesOut,
      long bytesIn,
      long bytesOut,
      int views,
      long nanos)
      implements FlushEvent {}
}
