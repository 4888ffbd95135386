package dev.atll.write;

import dev.atll.env.Storage;
import java.io.IOException;

/**
 * Keeps a reserve of disk space from puts, so that deletions and purges still have room. Asks the
 * file system once a mebibyte appended; used by the committer only.
 */
final class SpaceGuard {
  private static final long BYTES_BETWEEN_LOOKS = 1 << 20;

  private final Storage storage;
  private final long reserveBytes;
  private long bytesUntilLook;
  private boolean reached;

  SpaceGuard(Storage storage, long reserveBytes) {
    this.storage = storage;
    this.reserveBytes = reserveBytes;
  }

  /** Whether so many bytes of values may be appended now. */
  boolean hasRoomFor(long bytes) {
    if (reserveBytes == 0) {
      return true;
    }
    bytesUntilLook -= bytes;
    if (reached || bytesUntilLook <= 0) {
      bytesUntilLook = BYTES_BETWEEN_LOOKS;
      try {
        reached = storage.freeBytes() < reserveBytes + bytes;
      } catch (IOException | RuntimeException e) {
        // Not knowing is no reason to refuse: the append itself reports a full disk.
        reached = false;
      }
    }
    return !reached;
  }
}
