package dev.atll.tree;

import dev.atll.version.Slot;

/** A slot with its open runs, newest first. Immutable but for the heat it counts. */
public final class ReadSlot {
  final Slot slot;
  final ReadRun[] runs;
  final SlotHeat heat;

  ReadSlot(Slot slot, ReadRun[] runs, SlotHeat heat) {
    this.slot = slot;
    this.runs = runs;
    this.heat = heat;
  }

  /** What was counted of the slot. */
  public SlotHeat heat() {
    return heat;
  }

  /** The open runs, newest first; not to be written to. */
  public ReadRun[] runs() {
    return runs;
  }
}
