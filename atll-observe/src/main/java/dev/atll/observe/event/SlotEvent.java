package dev.atll.observe.event;

/** What is known about one slot of one level. */
public sealed interface SlotEvent extends VizEvent {

  /**
   * A slot's measured state; {@code k} is in force, {@code kStar} the predicted optimum. The read
   * burden is what reads have paid so far for its runs being several, the write burden what making
   * one of them would write.
   */
  record Measured(
      long timeNanos,
      int level,
      int slot,
      double lowFraction,
      double highFraction,
      int runs,
      long bytes,
      double heat,
      int k,
      double kStar,
      double readBurdenMicros,
      double writeBurdenBytes)
      implements SlotEvent {}

  /**
   * What caches did for a slot since the previous such event of it: blocks that were there and blocks
   * that were not, the memory that its blocks take in frames, bytes of its runs that are read in place
   * and bytes that are read block by block. Slots that are read in place and ask no cache have none.
   */
  record Cached(
      long timeNanos,
      int level,
      int slot,
      long hits,
      long misses,
      long frameBytes,
      long mappedBytes,
      long blockBytes)
      implements SlotEvent {}

  /** A slot's number of runs in force changed. */
  record KChanged(long timeNanos, int level, int slot, int kFrom, int kTo, double heat)
      implements SlotEvent {}
}
