package dev.atll.observe.event;

/** Changes of the boundaries that cut a level into slots. */
public sealed interface GuardEvent extends VizEvent {

  /** A slot was cut in two at a new guard; {@code slot} becomes the left part. */
  record Split(
      long timeNanos, int level, int slot, double atFraction, long leftBytes, long rightBytes)
      implements GuardEvent {}

  /** A guard was removed; {@code slot} is the joined slot. */
  record Merged(long timeNanos, int level, int slot, double atFraction, long bytes)
      implements GuardEvent {}
}
