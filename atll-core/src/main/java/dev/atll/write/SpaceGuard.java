package dev.atll.write;

import dev.atll.tree.DiskSpace;

/**
 * Keeps a reserve of disk space from puts, so that deletions and purges still have room. Asks the
 * file system once a mebibyte appended; used by the committer only.
 */
final class SpaceGuard {
  private static final long BYTES_BETWEEN_LOOKS = 1 << 20;

  private final DiskSpace disk;
  private final long reserveBytes;
  private long bytesUntilLook;
  private boolean reached;

  SpaceGuard(DiskSpace disk, long reserveBytes) {
    this.disk = disk;
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
      // Not knowing is no reason to refuse: the append itself reports a full disk.
      reached = !disk.hasRoomFor(bytes);
    }
    return !reached;
  }
}
