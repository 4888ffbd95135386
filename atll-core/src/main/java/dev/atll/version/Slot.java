package dev.atll.version;

import java.util.List;

/**
 * The runs of one slot, newest first. Their revision intervals are disjoint and descend. Immutable;
 * a slot that an edit does not touch stays the same object, so identity tells what changed.
 */
public record Slot(List<Run> runs) {
  /** A slot without runs. */
  public static final Slot EMPTY = new Slot(List.of());

  /** Copies the list and asserts the order of the runs. */
  public Slot {
    runs = List.copyOf(runs);
    for (int i = 1; i < runs.size(); i++) {
      // Invariant I3: newer runs hold strictly newer revisions, so the first hit is the answer.
      assert runs.get(i - 1).minRevision() > runs.get(i).maxRevision()
          : "I3: " + runs.get(i - 1) + " above " + runs.get(i);
    }
  }

  /** Estimated data bytes of all runs. */
  public long bytes() {
    long sum = 0;
    for (Run run : runs) {
      sum += run.bytes();
    }
    return sum;
  }
}
