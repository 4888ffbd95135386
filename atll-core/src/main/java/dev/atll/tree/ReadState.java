package dev.atll.tree;

import dev.atll.base.Lookup;
import dev.atll.memtable.Memtable;
import dev.atll.version.Version;

/**
 * Everything a reader looks at, as one immutable bundle: the memtables (newest first, the first one
 * still taking writes), the tree, and the open tables of the tree. While it is pinned, none of its
 * tables is closed or deleted.
 */
public final class ReadState {
  private final Memtable[] memtables;
  private final Version version;
  private final ReadTree tree;
  final PinCounts pins = new PinCounts();

  // Guarded by the holder's lock.
  private boolean seenReplaced;
  private long replacedNanos;

  /** Bundles memtables (newest first), a version and its open tables. */
  public ReadState(Memtable[] memtables, Version version, ReadTree tree) {
    this.memtables = memtables;
    this.version = version;
    this.tree = tree;
  }

  /** How long it has been known to be replaced, at a time after all times given before. */
  long heldNanos(long now) {
    if (!seenReplaced) {
      seenReplaced = true;
      replacedNanos = now;
    }
    return now - replacedNanos;
  }

  /** The memtables, newest first; not to be written to. */
  public Memtable[] memtables() {
    return memtables;
  }

  /** The memtable that takes writes. */
  public Memtable active() {
    return memtables[0];
  }

  /** The shape of the tree. */
  public Version version() {
    return version;
  }

  /** The tree with its open tables. */
  public ReadTree tree() {
    return tree;
  }

  /**
   * Counts a measured get that found nothing to the slot it asked last.
   *
   * @param weight how many gets it stands for
   */
  public void countMiss(Lookup lookup, long weight) {
    ReadLevel[] levels = tree.levels();
    for (int i = levels.length - 1; i >= 0; i--) {
      ReadLevel level = levels[i];
      if (!level.empty) {
        int slot =
            level.guards.slotOf(lookup.key, lookup.keyOffset, lookup.keyLength, lookup.head);
        level.slots[slot].heat.addMisses(weight);
        return;
      }
    }
  }
}
