package dev.atll.bench.sim;

/** A view of a table: its entries in a stretch of the key space, and what was counted below it. */
final class SimRun {
  /** Runs that show less than this of an entry are none. */
  static final double ENTRIES_MIN = 0.5;

  final long id;
  final Content content;
  final SimFile file;
  final int low;
  final int high;
  final double entries;
  final double tombstones;
  final double bytes;
  final int overwritePermille;
  // Virtual time of the oldest deletion; 0 without one.
  final long deletionsSinceMillis;
  // Ordinal of the newest flush in it.
  final long newest;
  // Of its file, when policies last saw it.
  int deadPermilleSeen;
  long probes;
  long missProbes;
  long falsePositives;
  long missFalsePositives;
  long seeks;
  // Where tables are not mapped: blocks asked of the cache, those not there, and what reading took.
  long blocksAsked;
  long blocksMissed;
  long reads;
  double waitNanos;

  SimRun(
      long id,
      Content content,
      SimFile file,
      int low,
      int high,
      double entryBytes,
      int overwritePermille,
      long deletionsSinceMillis,
      long newest) {
    this.id = id;
    this.content = content;
    this.file = file;
    this.low = low;
    this.high = high;
    this.entries = content.entries(low, high);
    this.tombstones = content.tombstones(low, high);
    this.bytes = entries * entryBytes;
    this.overwritePermille = overwritePermille;
    this.deletionsSinceMillis = tombstones < ENTRIES_MIN ? 0 : deletionsSinceMillis;
    this.newest = newest;
  }

  boolean overlaps(int from, int to) {
    return low < to && from < high;
  }

  /** Takes a share of what was counted for another run. */
  void inherit(SimRun from, double share) {
    probes = Math.round(from.probes * share);
    missProbes = Math.round(from.missProbes * share);
    falsePositives = Math.round(from.falsePositives * share);
    missFalsePositives = Math.round(from.missFalsePositives * share);
    seeks = Math.round(from.seeks * share);
    blocksAsked = Math.round(from.blocksAsked * share);
    blocksMissed = Math.min(blocksAsked, Math.round(from.blocksMissed * share));
    reads = Math.round(from.reads * share);
    waitNanos = from.waitNanos * share;
  }
}
