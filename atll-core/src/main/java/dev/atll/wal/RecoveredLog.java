package dev.atll.wal;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What recovery found, and where the log goes on.
 *
 * @param segments the segments that count, oldest first, each with the length that counts
 * @param obsoleteFiles log files that count for nothing; to be deleted once a newer segment is on
 *     disk, which {@link WalWriter} does
 * @param lastRevision last revision in the log; 0 when it holds none
 * @param durableRevision highest revision that the log itself proves to have been on disk; what is
 *     above it may exist in the page cache only
 * @param highestNumber highest segment number in use by any file
 * @param batches how many batches the consumer was given
 * @param sealed whether the log was closed: no revision above the last one was ever visible
 * @param tailCut what was left out; null when the log was whole
 */
public record RecoveredLog(
    List<WalSegment> segments,
    List<String> obsoleteFiles,
    long lastRevision,
    long durableRevision,
    long highestNumber,
    long batches,
    boolean sealed,
    @Nullable TailCut tailCut) {
  /** An empty log, as in a new store. */
  public static final RecoveredLog EMPTY =
      new RecoveredLog(List.of(), List.of(), 0, 0, 0, 0, false, null);

  /** Copies the lists. */
  public RecoveredLog {
    segments = List.copyOf(segments);
    obsoleteFiles = List.copyOf(obsoleteFiles);
  }

  /** Bytes in the segments that count. */
  public long bytes() {
    return segments.stream().mapToLong(WalSegment::length).sum();
  }
}
