package dev.atll.wal;

/** Record types and constants of the log, all part of the format. */
final class WalFormat {
  /** First record of a segment; see {@link SegmentHeader}. */
  static final int HEADER = 1;

  /** A commit group; see {@link SegmentReader}. */
  static final int GROUP = 2;

  /** Last record of a log that was closed in order: all before it is on disk. */
  static final int SEAL = 3;

  /** "ATLL-WAL" as bytes in file order. */
  static final long MAGIC = 0x4C41572D4C4C5441L;

  static final long VERSION = 1;

  /** Feature flags this version understands. */
  static final long KNOWN_FEATURES = 0;

  private WalFormat() {}
}
