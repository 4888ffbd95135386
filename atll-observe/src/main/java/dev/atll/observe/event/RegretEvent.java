package dev.atll.observe.event;

/** The distance between what was done and what would have been best. */
public sealed interface RegretEvent extends VizEvent {

  /**
   * Cost spent against the hindsight optimum of a window; level and slot -1 mean the whole tree.
   */
  record Measured(
      long timeNanos,
      int level,
      int slot,
      long windowNanos,
      double spentMicros,
      double hindsightMicros)
      implements RegretEvent {}

  /** Overlap of read and write burdens, and the gain per-slot adaptivity could have from it. */
  record GainPredicted(
      long timeNanos,
      double bhattacharyya,
      double bhattacharyyaLow,
      double bhattacharyyaHigh,
      double gainFraction,
      double gainFractionLow,
      double gainFractionHigh,
      int slots,
      long reads,
      long writes)
      implements RegretEvent {}

  /** The engine switched its per-slot adaptivity on or off because of the predicted gain. */
  record AdaptivityChanged(long timeNanos, boolean adaptive, double gainFractionLow)
      implements RegretEvent {}
}
