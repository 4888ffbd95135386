package dev.atll.memtable;

import dev.atll.base.Keys;
import java.util.Arrays;

/**
 * The keys of a memtable in order: a skip list (W. Pugh, "Skip lists: a probabilistic alternative to
 * balanced trees", CACM 1990) with a branching of 4. What counts is cache misses per search, so nodes
 * carry the first 16 key bytes and links are 32-bit (see {@link NodeArena}); a search for an insert
 * starts where the last one ended when the key belongs there, which makes ascending loads O(1).
 *
 * <p>One thread inserts; any number read meanwhile, without locks. Nothing is ever removed.
 */
final class KeyList {
  private static final int HEIGHT_MAX = 12;

  final NodeArena nodes = new NodeArena();
  private final EntryArena data;
  private final int root;

  // Of the inserting thread: where the last insert went, per level, and its random state.
  private final int[] path = new int[HEIGHT_MAX];
  private long random;

  // Readers may see an older, lower height: they then only search a little longer.
  private int height = 1;

  KeyList(EntryArena data, long seed) {
    this.data = data;
    this.random = mix(seed);
    this.root = nodes.allocate(HEIGHT_MAX, 0, 0, 0, EntryArena.NONE);
    Arrays.fill(path, root);
  }

  /** Inserts a key that is not in the list; its first version holds it. Returns its node. */
  int insert(long head, long second, byte[] key, int offset, int length, int first) {
    findInsert(head, second, key, offset, length);
    int towerHeight = nextHeight();
    if (towerHeight > height) {
      height = towerHeight; // path[] above the old height is the root from the start
    }
    int node = nodes.allocate(towerHeight, head, second, length, first);
    for (int level = 0; level < towerHeight; level++) {
      nodes.linkPlain(node, level, nodes.nextPlain(path[level], level));
    }
    // Bottom up: a node that can be found on a level can be found on all below it.
    for (int level = 0; level < towerHeight; level++) {
      nodes.linkRelease(path[level], level, node);
      path[level] = node;
    }
    return node;
  }

  /** Fills {@link #path} with the last node before the key per level. */
  private void findInsert(long head, long second, byte[] key, int offset, int length) {
    int hint = path[0];
    if (hint != root && compare(hint, head, second, key, offset, length) < 0) {
      int next = nodes.nextPlain(hint, 0);
      if (next == NodeArena.NONE || compare(next, head, second, key, offset, length) > 0) {
        return;
      }
    }
    int node = root;
    int known = NodeArena.NONE; // already seen to be after: not compared again below
    for (int level = height - 1; level >= 0; ) {
      int next = nodes.nextPlain(node, level);
      if (next != NodeArena.NONE
          && next != known
          && compare(next, head, second, key, offset, length) < 0) {
        node = next;
        continue;
      }
      known = next;
      path[level--] = node;
    }
  }

  int first() {
    return nodes.next(root, 0);
  }

  /** The last node, or NONE. */
  int last() {
    int node = root;
    for (int level = height - 1; level >= 0; level--) {
      for (int next = nodes.next(node, level); next != 0; next = nodes.next(node, level)) {
        node = next;
      }
    }
    return node == root ? NodeArena.NONE : node;
  }

  /** The first node at or after a key, or NONE. */
  int find(long head, long second, byte[] key, int offset, int length) {
    int node = root;
    int known = NodeArena.NONE;
    for (int level = height - 1; ; ) {
      int next = nodes.next(node, level);
      if (next != NodeArena.NONE
          && next != known
          && compare(next, head, second, key, offset, length) < 0) {
        node = next;
        continue;
      }
      known = next;
      if (level-- == 0) {
        return next;
      }
    }
  }

  /** The last node before a key, or NONE. */
  int findBefore(long head, long second, byte[] key, int offset, int length) {
    int node = lastBefore(head, second, key, offset, length, 0);
    return node == root ? NodeArena.NONE : node;
  }

  /** The last node before a key among those of a level, or the root. */
  private int lastBefore(
      long head, long second, byte[] key, int offset, int length, int lowestLevel) {
    int node = root;
    int known = NodeArena.NONE;
    for (int level = height - 1; level >= lowestLevel; ) {
      int next = nodes.next(node, level);
      if (next != NodeArena.NONE
          && next != known
          && compare(next, head, second, key, offset, length) < 0) {
        node = next;
        continue;
      }
      known = next;
      level--;
    }
    return node;
  }

  /**
   * The last nodes before a node, in list order, as far back as the last one of a level: of 4 to the
   * power of the level on average. Nodes that are inserted meanwhile may be left out.
   *
   * @param before the node, or NONE for the end of the list
   * @param into takes them; when there are more than fit, the last ones, around the end
   * @return how many there are, which may be more than fit
   */
  int collectBefore(int before, int level, int[] into) {
    int node;
    if (before == NodeArena.NONE) {
      node = root;
      for (int at = height - 1; at >= level; at--) {
        for (int next = nodes.next(node, at); next != 0; next = nodes.next(node, at)) {
          node = next;
        }
      }
    } else {
      int entry = nodes.keyEntry(before);
      node =
          lastBefore(
              nodes.head(before),
              nodes.second(before),
              data.array(entry),
              EntryArena.keyOffset(entry),
              nodes.keyLength(before),
              level);
    }
    int count = 0;
    int at = node == root ? nodes.next(root, 0) : node;
    int mask = into.length - 1;
    for (; at != before && at != NodeArena.NONE; at = nodes.next(at, 0)) {
      into[count++ & mask] = at;
    }
    return count;
  }

  /** Compares a node's key with a key. */
  int compare(int node, long head, long second, byte[] key, int offset, int length) {
    long nodeHead = nodes.head(node);
    if (nodeHead != head) {
      return Long.compareUnsigned(nodeHead, head);
    }
    long nodeSecond = nodes.second(node);
    if (nodeSecond != second) {
      return Long.compareUnsigned(nodeSecond, second);
    }
    int nodeLength = nodes.keyLength(node);
    int inNode = 2 * Long.BYTES;
    if (nodeLength <= inNode || length <= inNode) {
      // Equal when padded with zero bytes, so the shorter one is a prefix of the other.
      return Integer.compare(nodeLength, length);
    }
    int entry = nodes.keyEntry(node);
    int keyOffset = EntryArena.keyOffset(entry);
    return Arrays.compareUnsigned(
        data.array(entry),
        keyOffset + inNode,
        keyOffset + nodeLength,
        key,
        offset + inNode,
        offset + length);
  }

  /** Key bytes 8..15 in the manner of {@link Keys#head}. */
  static long second(byte[] key, int offset, int length) {
    return length <= Long.BYTES
        ? 0
        : Keys.head(key, offset + Long.BYTES, length - Long.BYTES);
  }

  private int nextHeight() {
    // xorshift64* (G. Marsaglia 2003, S. Vigna 2014); two bits a level give the branching of 4.
    random ^= random >>> 12;
    random ^= random << 25;
    random ^= random >>> 27;
    long bits = random * 0x2545F4914F6CDD1DL;
    return Math.min(HEIGHT_MAX, 1 + Long.numberOfLeadingZeros(bits) / 2);
  }

  private static long mix(long seed) {
    // The finaliser of SplitMix64, so that near seeds differ; never zero, which xorshift keeps.
    long z = seed + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return (z ^ (z >>> 31)) | 1;
  }
}
