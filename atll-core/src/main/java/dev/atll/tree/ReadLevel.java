package dev.atll.tree;

import dev.atll.version.Guards;
import dev.atll.version.Level;

/** A level with its open slots. Immutable. */
public final class ReadLevel {
  final Level level;
  final Guards guards;
  final ReadSlot[] slots;
  final boolean empty;

  ReadLevel(Level level, ReadSlot[] slots) {
    this.level = level;
    this.guards = level.guards();
    this.slots = slots;
    this.empty = level.runCount() == 0;
  }

  /** The open slots in key order; not to be written to. */
  public ReadSlot[] slots() {
    return slots;
  }
}
