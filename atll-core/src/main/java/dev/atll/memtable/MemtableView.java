package dev.atll.memtable;

import dev.atll.base.EntryCursor;
import dev.atll.base.Keys;
import dev.atll.base.ValueKind;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * A position in a memtable as of a revision: of each key the newest version at or below it, so that a
 * key costs one step however many versions it has. Keys that are inserted meanwhile may be missed:
 * their revisions are above any that was visible when this was made.
 *
 * <p>The list is linked forwards only. A way back collects the nodes of a stretch, 64 on average, and
 * goes through them from behind: one search for all of them.
 */
final class MemtableView implements EntryCursor {
  private static final int BEHIND_MAX = 64;

  /** One node in 4^2 begins the stretch collected first, one in 4^3 those after it. */
  private static final int SHORT_LEVEL = 2;

  private static final int LONG_LEVEL = 3;

  private final KeyList keys;
  private final NodeArena nodes;
  private final EntryArena data;
  private final long revision;
  private int node;
  private int version;
  private long passed;

  // Nodes before behindOf, the nearest at behindNext, in a ring; made by the first way back.
  private int @Nullable [] behind;
  private int behindOf;
  private int behindNext;
  private int behindLeft;

  MemtableView(Memtable table, long revision) {
    this.keys = table.keys();
    this.nodes = keys.nodes;
    this.data = table.data();
    this.revision = revision;
  }

  private int visible(int of) {
    int newest = nodes.newest(of);
    return data.revision(newest) <= revision ? newest : data.atOrBelow(newest, revision);
  }

  private boolean stand(int at, int on) {
    node = at;
    version = on;
    return true;
  }

  private boolean forwardFrom(int from) {
    for (int at = from; at != NodeArena.NONE; at = nodes.next(at, 0)) {
      int on = visible(at);
      if (on != EntryArena.NONE) {
        return stand(at, on);
      }
      passed++;
    }
    node = NodeArena.NONE;
    return false;
  }

  private boolean backwardFrom(int from) {
    for (int at = from; at != NodeArena.NONE; at = before(at)) {
      int on = visible(at);
      if (on != EntryArena.NONE) {
        return stand(at, on);
      }
      passed++;
    }
    node = NodeArena.NONE;
    return false;
  }

  /** The node before one, or NONE. */
  private int before(int at) {
    int[] ring = behind;
    if (ring == null) {
      ring = new int[BEHIND_MAX];
      behind = ring;
    }
    if (behindOf != at || behindLeft == 0) {
      int level = behindOf == at ? LONG_LEVEL : SHORT_LEVEL;
      int count = keys.collectBefore(at, level, ring);
      behindNext = count - 1;
      behindLeft = Math.min(count, ring.length);
      if (count == 0) {
        return NodeArena.NONE;
      }
    }
    behindLeft--;
    behindOf = ring[behindNext-- & BEHIND_MAX - 1];
    return behindOf;
  }

  @Override
  public boolean seekToFirst() {
    return forwardFrom(keys.first());
  }

  @Override
  public boolean seekToLast() {
    return backwardFrom(keys.last());
  }

  @Override
  public boolean seek(byte[] key, int offset, int length, long atRevision) {
    long head = Keys.head(key, offset, length);
    long second = KeyList.second(key, offset, length);
    int found = keys.find(head, second, key, offset, length);
    if (atRevision < revision
        && found != NodeArena.NONE
        && keys.compare(found, head, second, key, offset, length) == 0) {
      int on = data.atOrBelow(nodes.newest(found), atRevision);
      return on == EntryArena.NONE ? forwardFrom(nodes.next(found, 0)) : stand(found, on);
    }
    return forwardFrom(found);
  }

  @Override
  public boolean seekBefore(byte[] key, int offset, int length) {
    long head = Keys.head(key, offset, length);
    long second = KeyList.second(key, offset, length);
    return backwardFrom(keys.findBefore(head, second, key, offset, length));
  }

  @Override
  public boolean next() {
    assert isValid();
    return forwardFrom(nodes.next(node, 0));
  }

  @Override
  public boolean previous() {
    assert isValid();
    return backwardFrom(before(node));
  }

  @Override
  public boolean nextPastDeletions(byte @Nullable [] bound, int offset, int length) {
    assert isValid();
    long head = bound == null ? 0 : Keys.head(bound, offset, length);
    long second = bound == null ? 0 : KeyList.second(bound, offset, length);
    while (forwardFrom(nodes.next(node, 0))) {
      if (kind() != ValueKind.DELETE
          || (bound != null && keys.compare(node, head, second, bound, offset, length) >= 0)) {
        return true;
      }
      passed++;
    }
    return false;
  }

  @Override
  public boolean previousPastDeletions(byte[] bound, int offset, int length) {
    assert isValid();
    long head = Keys.head(bound, offset, length);
    long second = KeyList.second(bound, offset, length);
    while (backwardFrom(before(node))) {
      if (kind() != ValueKind.DELETE
          || keys.compare(node, head, second, bound, offset, length) <= 0) {
        return true;
      }
      passed++;
    }
    return false;
  }

  @Override
  public long passed() {
    return passed;
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
    return data.revision(version);
  }

  @Override
  public int kind() {
    return EntryArena.kind(data.array(version), version);
  }

  @Override
  public MemorySegment valueSegment() {
    return data.segment(version);
  }

  @Override
  public long valueOffset() {
    return EntryArena.valueOffset(data.array(version), version, nodes.keyLength(node));
  }

  @Override
  public int valueLength() {
    return EntryArena.valueLength(data.array(version), version);
  }

  @Override
  public void close() {
    node = NodeArena.NONE;
  }
}
