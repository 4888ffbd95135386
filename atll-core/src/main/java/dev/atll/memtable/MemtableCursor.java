package dev.atll.memtable;

import dev.atll.base.EntryCursor;
import dev.atll.base.Keys;
import java.lang.foreign.MemorySegment;

/**
 * A position in a memtable. Keeps one entry address per position, so that a replacement between two
 * accessor calls cannot mix two entries.
 */
final class MemtableCursor implements EntryCursor {
  private final Memtable table;
  private final NodeArena nodes;
  private final EntryArena data;
  private int node;
  private int entry;

  MemtableCursor(Memtable table) {
    this.table = table;
    this.nodes = table.nodes();
    this.data = table.data();
  }

  private boolean moveTo(int target) {
    node = target;
    if (target == NodeArena.NONE) {
      return false;
    }
    entry = nodes.entry(target);
    return true;
  }

  @Override
  public boolean seekToFirst() {
    return moveTo(table.first());
  }

  @Override
  public boolean seekToLast() {
    return moveTo(table.last());
  }

  @Override
  public boolean seek(byte[] key, int offset, int length, long revision) {
    long head = Keys.head(key, offset, length);
    long second = Memtable.second(key, offset, length);
    return moveTo(table.find(head, second, key, offset, length, revision));
  }

  @Override
  public boolean seekBefore(byte[] key, int offset, int length) {
    long head = Keys.head(key, offset, length);
    long second = Memtable.second(key, offset, length);
    // No entry of the key precedes its newest possible one.
    return moveTo(table.findBefore(head, second, key, offset, length, Long.MAX_VALUE));
  }

  @Override
  public boolean next() {
    assert isValid();
    return moveTo(nodes.next(node, 0));
  }

  @Override
  public boolean previous() {
    assert isValid();
    return moveTo(
        table.findBefore(
            nodes.head(node),
            nodes.second(node),
            keyArray(),
            keyOffset(),
            keyLength(),
            nodes.revision(node)));
  }

  @Override
  public boolean isValid() {
    return node != NodeArena.NONE;
  }

  @Override
  public byte[] keyArray() {
    assert isValid();
    return data.array(entry);
  }

  @Override
  public int keyOffset() {
    return EntryArena.keyOffset(entry);
  }

  @Override
  public int keyLength() {
    return nodes.keyLength(node);
  }

  @Override
  public long keyHead() {
    return nodes.head(node);
  }

  @Override
  public long revision() {
    return nodes.revision(node);
  }

  @Override
  public int kind() {
    return EntryArena.kind(data.array(entry), entry);
  }

  @Override
  public MemorySegment valueSegment() {
    return data.segment(entry);
  }

  @Override
  public long valueOffset() {
    return EntryArena.keyOffset(entry) + (long) nodes.keyLength(node);
  }

  @Override
  public int valueLength() {
    return EntryArena.valueLength(data.array(entry), entry);
  }

  @Override
  public void close() {
    node = NodeArena.NONE;
  }
}
