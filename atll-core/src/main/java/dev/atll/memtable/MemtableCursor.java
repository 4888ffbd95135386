package dev.atll.memtable;

import dev.atll.base.EntryCursor;
import dev.atll.base.Keys;
import java.lang.foreign.MemorySegment;

/**
 * A position in a memtable, over all versions of all keys. A version never changes, so that a
 * replacement between two accessor calls cannot mix two entries.
 */
final class MemtableCursor implements EntryCursor {
  private final KeyList keys;
  private final NodeArena nodes;
  private final EntryArena data;
  private int node;
  private int entry;

  MemtableCursor(Memtable table) {
    this.keys = table.keys();
    this.nodes = keys.nodes;
    this.data = table.data();
  }

  private boolean toNewest(int target) {
    node = target;
    if (target == NodeArena.NONE) {
      return false;
    }
    entry = nodes.newest(target);
    return true;
  }

  private boolean toOldest(int target) {
    node = target;
    if (target == NodeArena.NONE) {
      return false;
    }
    entry = data.oldest(nodes.newest(target));
    return true;
  }

  @Override
  public boolean seekToFirst() {
    return toNewest(keys.first());
  }

  @Override
  public boolean seekToLast() {
    return toOldest(keys.last());
  }

  @Override
  public boolean seek(byte[] key, int offset, int length, long revision) {
    long head = Keys.head(key, offset, length);
    long second = KeyList.second(key, offset, length);
    int found = keys.find(head, second, key, offset, length);
    if (found != NodeArena.NONE && keys.compare(found, head, second, key, offset, length) == 0) {
      int version = data.atOrBelow(nodes.newest(found), revision);
      if (version == EntryArena.NONE) {
        return toNewest(nodes.next(found, 0));
      }
      node = found;
      entry = version;
      return true;
    }
    return toNewest(found);
  }

  @Override
  public boolean seekBefore(byte[] key, int offset, int length) {
    long head = Keys.head(key, offset, length);
    long second = KeyList.second(key, offset, length);
    return toOldest(keys.findBefore(head, second, key, offset, length));
  }

  @Override
  public boolean next() {
    assert isValid();
    int older = data.older(entry);
    if (older != EntryArena.NONE) {
      entry = older;
      return true;
    }
    return toNewest(nodes.next(node, 0));
  }

  @Override
  public boolean previous() {
    assert isValid();
    int newer = data.above(nodes.newest(node), data.revision(entry));
    if (newer != EntryArena.NONE) {
      entry = newer;
      return true;
    }
    return toOldest(
        keys.findBefore(
            nodes.head(node), nodes.second(node), keyArray(), keyOffset(), keyLength()));
  }

  @Override
  public boolean isValid() {
    return node != NodeArena.NONE;
  }

  @Override
  public byte[] keyArray() {
    assert isValid();
    return data.array(nodes.keyEntry(node));
  }

  @Override
  public int keyOffset() {
    return EntryArena.keyOffset(nodes.keyEntry(node));
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
    return data.revision(entry);
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
    return EntryArena.valueOffset(data.array(entry), entry, nodes.keyLength(node));
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
