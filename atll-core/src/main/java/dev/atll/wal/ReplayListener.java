package dev.atll.wal;

/** Hears how a replay of the log goes on, on the thread that replays. */
public interface ReplayListener {
  /** Hears nothing. */
  ReplayListener NONE = new ReplayListener() {};

  /** Before reading: so many segments have to be read, of so many bytes in all. */
  default void found(int segments, long bytes) {}

  /**
   * A segment was read to the end of what counts.
   *
   * @param records groups of batches that it holds
   * @param handedOut batches that were handed out
   * @param skipped batches that are in tables already
   * @param bytes length of what counts
   */
  default void read(long segment, long records, long handedOut, long skipped, long bytes) {}
}
