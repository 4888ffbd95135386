package dev.atll.viz.synthetic;

import dev.atll.observe.event.ActionKind;

/** A compaction that runs in the model. */
final class SimJob {
  final long id;
  final long decisionId;
  final ActionKind kind;
  final SimSlot slot;
  final int slotIndex;
  final int runs;
  final long bytesPlanned;
  final double burden;
  long bytesDone;
  long lastProgressNanos;

  SimJob(
      long id, long decisionId, ActionKind kind, SimSlot slot, int slotIndex, int runs, long bytes,
      double burden) {
    this.id = id;
    this.decisionId = decisionId;
    this.kind = kind;
    this.slot = slot;
    this.slotIndex = slotIndex;
    this.runs = runs;
    this.bytesPlanned = bytes;
    this.burden = burden;
  }

  int targetLevel() {
    return kind == ActionKind.MERGE_DOWN || kind == ActionKind.MOVE_DOWN
        ? slot.level + 1
        : slot.level;
  }
}
