package dev.atll.observe.event;

import java.util.List;

/** The tree as a whole. */
public sealed interface TreeEvent extends VizEvent {

  /** The whole shape, sent now and then so that a late viewer can draw without history. */
  record Shape(
      long timeNanos,
      long versionId,
      int levels,
      int sealedMemtables,
      long memtableBytes,
      List<SlotShape> slots)
      implements TreeEvent {

    /** Takes a copy of the slots. */
    public Shape {
      slots = List.copyOf(slots);
    }
  }
}
