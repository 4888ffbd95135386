package dev.atll.sstable;

/** What a cursor reads a table for. */
enum ReadPurpose {
  /** For a caller: what was read may be asked for again. */
  ANSWER(true, false),

  /** To write everything anew, or to look whether it is whole: every block is checked as it is now. */
  ONCE(false, true),

  /** To look whether what was just written is what was meant: the system still has it in memory. */
  WRITTEN(false, false);

  /** Whether blocks come from a cache, and may go there. */
  final boolean cached;

  /** Whether the system is to keep no pages of it. */
  final boolean pastPages;

  ReadPurpose(boolean cached, boolean pastPages) {
    this.cached = cached;
    this.pastPages = pastPages;
  }
}
