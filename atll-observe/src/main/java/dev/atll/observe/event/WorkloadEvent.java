package dev.atll.observe.event;

/** What a benchmark or demonstration is doing to the store, for the pictures' captions. */
public sealed interface WorkloadEvent extends VizEvent {

  /** A phase of a driven workload began; fractions bound its hot range in the key space. */
  record PhaseStarted(
      long timeNanos,
      int phase,
      Label name,
      double readFraction,
      double hotLowFraction,
      double hotHighFraction,
      double hotShare,
      double targetOpsPerSecond)
      implements WorkloadEvent {}
}
