package dev.atll.api;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What has gone wrong behind callers' backs since the store was opened; each was an event and a line
 * of the logger {@code dev.atll.store} too. A copy of one moment, immutable.
 *
 * @param failure what ended writing for good, or null while the store takes writes
 * @param diskFull whether the last flush found no room on the disk; it is tried again
 * @param jobsFailed how often a background job failed and was put off, at least 0
 * @param jobFailure what the last of them failed of, or null if none did
 * @param damage damaged places that reads, jobs or {@link AtllDb#verify} met, each once, the first
 *     thousand at most; nothing is read from them. A block that was read wrong and was right when it was
 *     read again is among them and says so: its table is whole, its device should be looked at
 * @param snapshotsOverdue open snapshots older than ten minutes, which keep old versions from being
 *     dropped
 * @param oldestSnapshot age of the oldest open snapshot; zero without one
 */
public record StoreHealth(
    @Nullable Throwable failure,
    boolean diskFull,
    long jobsFailed,
    @Nullable Throwable jobFailure,
    List<CorruptionException> damage,
    int snapshotsOverdue,
    Duration oldestSnapshot) {

  /** Copies the list. */
  public StoreHealth {
    damage = List.copyOf(damage);
  }

  /** Whether writing goes on. */
  public boolean isWritable() {
    return failure == null;
  }

  /** Whether there is nothing that somebody should look at. */
  public boolean isWell() {
    return failure == null && !diskFull && damage.isEmpty() && snapshotsOverdue == 0;
  }
}
