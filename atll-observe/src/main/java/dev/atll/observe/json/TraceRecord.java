package dev.atll.observe.json;

import dev.atll.observe.StampedEvent;
import dev.atll.observe.event.Label;

/** One line of a trace after its header. */
public sealed interface TraceRecord {

  /**
   * An event this version knows.
   *
   * @param stamped the event with its source and sequence
   */
  record Known(StampedEvent stamped) implements TraceRecord {}

  /**
   * An event that a newer minor version wrote and this one does not know.
   *
   * @param source who sent it
   * @param sequence its place in the source's order
   * @param type its type's name
   * @param line the whole line, so that it can be copied on unchanged
   */
  record Unknown(Label source, long sequence, String type, String line) implements TraceRecord {}
}
