package dev.atll.tree;

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

  /** Bundles memtables (newest first), a version and its open tables. */
  public ReadState(Memtable[] memtables, Version version, ReadTree tree) {
    this.memtables = memtables;
    this.version = version;
    this.tree = tree;
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
}
