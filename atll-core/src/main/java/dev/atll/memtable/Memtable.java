package dev.atll.memtable;

import dev.atll.base.EntryCursor;
import dev.atll.base.Keys;
import dev.atll.base.Lookup;
import dev.atll.base.ValueKind;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * The newest entries of the store, sorted by key ascending (unsigned) and revision descending.
 *
 * <p>One thread at a time calls {@link #put}; any number of threads read meanwhile, without locks.
 * A reader sees every entry whose {@code put} happened before its call, and perhaps later ones,
 * which it tells by their revision. Entries are never removed; the garbage collector frees the
 * whole memtable.
 *
 * <p>A skip list (W. Pugh, "Skip lists: a probabilistic alternative to balanced trees", CACM 1990)
 * with a branching of 4. What counts is cache misses per search, so nodes carry the first 16 key
 * bytes and links are 32-bit (see {@link NodeArena}); a search starts where the last insert ended
 * when the key belongs there, which makes ascending loads O(1). Point lookups go through {@link
 * KeyIndex} instead.
 */
public final class Memtable {
  private static final int HEIGHT_MAX = 12;

  /** Versions of one key that a lookup passes one by one before it searches for the right one. */
  private static final int VERSIONS_WALKED = 8;

  private static final VarHandle ENTRIES;
  private static final VarHandle TOMBSTONES;
  private static final VarHandle BYTES;
  private static final VarHandle FIRST_REVISION;
  private static final VarHandle LAST_REVISION;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      ENTRIES = lookup.findVarHandle(Memtable.class, "entries", long.class);
      TOMBSTONES = lookup.findVarHandle(Memtable.class, "tombstones", long.class);
      BYTES = lookup.findVarHandle(Memtable.class, "bytes", long.class);
      FIRST_REVISION = lookup.findVarHandle(Memtable.class, "firstRevision", long.class);
      LAST_REVISION = lookup.findVarHandle(Memtable.class, "lastRevision", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final long id;
  private final NodeArena nodes = new NodeArena();
  private final EntryArena data = new EntryArena();
  private final KeyIndex index = new KeyIndex();
  private final int root;

  // Of the inserting thread: where the last insert went, per level, and its random state.
  private final int[] path = new int[HEIGHT_MAX];
  private long random;

  // Readers may see an older, lower height: they then only search a little longer.
  private int height = 1;

  private long entries;
  private long tombstones;

  @SuppressWarnings("UnusedVariable") // read through BYTES
  private long bytes;

  private long firstRevision = Long.MAX_VALUE;
  private long lastRevision;

  /**
   * Creates an empty memtable.
   *
   * @param id names it in events and in the order of flushes
   * @param seed decides tower heights, so that a seed replays the same structure; any value
   */
  public Memtable(long id, long seed) {
    this.id = id;
    this.random = mix(seed);
    this.root = nodes.allocate(HEIGHT_MAX, 0, 0, 0, 0, 0);
    Arrays.fill(path, root);
    bytes = usedBytes();
  }

  /**
   * Inserts an entry, copying both ranges. An entry of the same key and revision is replaced, so
   * that the last one in a batch wins; readers see the old one or the new one. Only one thread at a
   * time may call this, with a happens-before order between callers.
   *
   * @param revision at least 0; need not ascend
   * @param kind one of {@link ValueKind}
   */
  public void put(
      long revision,
      int kind,
      byte[] key,
      int keyOffset,
      int keyLength,
      byte[] value,
      int valueOffset,
      int valueLength) {
    assert kind >= 0 && kind <= ValueKind.HIGHEST_KNOWN : kind;
    long head = Keys.head(key, keyOffset, keyLength);
    long second = second(key, keyOffset, keyLength);
    int next = findInsert(head, second, key, keyOffset, keyLength, revision);
    int entry = data.append(kind, key, keyOffset, keyLength, value, valueOffset, valueLength);
    if (next != NodeArena.NONE
        && nodes.revision(next) == revision
        && compareKey(next, head, second, key, keyOffset, keyLength) == 0) {
      replace(next, entry, kind);
      return;
    }
    int towerHeight = nextHeight();
    if (towerHeight > height) {
      height = towerHeight; // path[] above the old height is the root from the start
    }
    int node = nodes.allocate(towerHeight, head, second, keyLength, entry, revision);
    for (int level = 0; level < towerHeight; level++) {
      nodes.linkPlain(node, level, nodes.nextPlain(path[level], level));
    }
    // Bottom up: a node that can be found on a level can be found on all below it.
    for (int level = 0; level < towerHeight; level++) {
      nodes.linkRelease(path[level], level, node);
      path[level] = node;
    }
    index(Keys.hash(key, keyOffset, keyLength), node, head, second, key, keyOffset, keyLength);
    ENTRIES.setOpaque(this, entries + 1);
    if (kind == ValueKind.DELETE) {
      TOMBSTONES.setOpaque(this, tombstones + 1);
    }
    BYTES.setOpaque(this, usedBytes());
    if (revision > lastRevision) {
      LAST_REVISION.setOpaque(this, revision);
    }
    if (revision < firstRevision) {
      FIRST_REVISION.setOpaque(this, revision);
    }
  }

  private long usedBytes() {
    return nodes.usedBytes() + data.usedBytes() + index.bytes();
  }

  /** Lets the index lead to a new node, unless it leads to a newer version of the key. */
  private void index(
      long hash, int node, long head, long second, byte[] key, int keyOffset, int keyLength) {
    long[] table = index.table(hash);
    if (table != null) {
      int place = KeyIndex.start(table, hash);
      for (long slot = table[place]; slot != 0; slot = table[place]) {
        int old = KeyIndex.node(slot);
        if (KeyIndex.isOf(slot, hash)
            && compareKey(old, head, second, key, keyOffset, keyLength) == 0) {
          if (nodes.revision(node) > nodes.revision(old)) {
            KeyIndex.replace(table, place, hash, node);
          }
          return;
        }
        place = KeyIndex.after(table, place);
      }
    }
    index.add(hash, node);
  }

  private void replace(int node, int entry, int kind) {
    int old = nodes.entry(node);
    int oldKind = EntryArena.kind(data.array(old), old);
    nodes.entryRelease(node, entry);
    long change = (kind == ValueKind.DELETE ? 1L : 0L) - (oldKind == ValueKind.DELETE ? 1L : 0L);
    TOMBSTONES.setOpaque(this, tombstones + change);
    BYTES.setOpaque(this, usedBytes());
  }

  /**
   * Answers a lookup with the newest entry of the key at or below its revision, or leaves it alone
   * when there is none. Any thread.
   */
  public void get(Lookup lookup) {
    byte[] key = lookup.key;
    int offset = lookup.keyOffset;
    int length = lookup.keyLength;
    long head = lookup.head;
    long second = second(key, offset, length);
    int node = newest(lookup.hash, head, second, key, offset, length);
    for (int walked = 0; node != NodeArena.NONE; walked++) {
      if (nodes.revision(node) <= lookup.revision) {
        answer(lookup, node);
        return;
      }
      // A snapshot may be far behind a key that is written all the time.
      node =
          walked < VERSIONS_WALKED
              ? nodes.next(node, 0)
              : find(head, second, key, offset, length, lookup.revision);
      if (node != NodeArena.NONE && compareKey(node, head, second, key, offset, length) != 0) {
        return;
      }
    }
  }

  /** The node of the key's newest version, or NONE. */
  private int newest(long hash, long head, long second, byte[] key, int offset, int length) {
    long[] table = index.table(hash);
    if (table == null) {
      return NodeArena.NONE;
    }
    int place = KeyIndex.start(table, hash);
    for (long slot = KeyIndex.slot(table, place); slot != 0; slot = KeyIndex.slot(table, place)) {
      int node = KeyIndex.node(slot);
      if (KeyIndex.isOf(slot, hash)
          && compareKey(node, head, second, key, offset, length) == 0) {
        return node;
      }
      place = KeyIndex.after(table, place);
    }
    return NodeArena.NONE;
  }

  private void answer(Lookup lookup, int node) {
    long revision = nodes.revision(node);
    int entry = nodes.entry(node);
    byte[] array = data.array(entry);
    if (EntryArena.kind(array, entry) == ValueKind.DELETE) {
      lookup.deleted(revision);
    } else {
      lookup.found(
          revision,
          data.segment(entry),
          EntryArena.keyOffset(entry) + lookup.keyLength,
          EntryArena.valueLength(array, entry));
    }
  }

  /**
   * A cursor over all entries, both ways. It may be used while entries are inserted and then shows
   * each of them or not; moving backwards costs a search per step. Any thread; closing it is not
   * required.
   */
  public EntryCursor cursor() {
    return new MemtableCursor(this);
  }

  /** The id given at creation. */
  public long id() {
    return id;
  }

  /** Bytes of memory taken by entries and their nodes. Any thread. */
  public long bytes() {
    return (long) BYTES.getOpaque(this);
  }

  /** Entries held, deletions included; a replaced entry counts once. Any thread. */
  public long entries() {
    return (long) ENTRIES.getOpaque(this);
  }

  /** Deletions among the entries. Any thread. */
  public long tombstones() {
    return (long) TOMBSTONES.getOpaque(this);
  }

  /** Whether nothing was ever put. Any thread. */
  public boolean isEmpty() {
    return entries() == 0;
  }

  /** The lowest revision held; {@code Long.MAX_VALUE} when empty. Any thread. */
  public long firstRevision() {
    return (long) FIRST_REVISION.getOpaque(this);
  }

  /** The highest revision held; 0 when empty. Any thread. */
  public long lastRevision() {
    return (long) LAST_REVISION.getOpaque(this);
  }

  NodeArena nodes() {
    return nodes;
  }

  EntryArena data() {
    return data;
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

  /** The first node at or after (key, revision), or NONE. */
  int find(long head, long second, byte[] key, int offset, int length, long revision) {
    int node = root;
    int known = NodeArena.NONE; // already seen to be at or after: not compared again below
    for (int level = height - 1; ; ) {
      int next = nodes.next(node, level);
      if (next != NodeArena.NONE
          && next != known
          && compare(next, head, second, key, offset, length, revision) < 0) {
        node = next;
        continue;
      }
      known = next;
      if (level-- == 0) {
        return next;
      }
    }
  }

  /** The last node before (key, revision), or NONE. */
  int findBefore(long head, long second, byte[] key, int offset, int length, long revision) {
    int node = root;
    int known = NodeArena.NONE;
    for (int level = height - 1; ; ) {
      int next = nodes.next(node, level);
      if (next != NodeArena.NONE
          && next != known
          && compare(next, head, second, key, offset, length, revision) < 0) {
        node = next;
        continue;
      }
      known = next;
      if (level-- == 0) {
        return node == root ? NodeArena.NONE : node;
      }
    }
  }

  /** Fills {@link #path} with the last node before (key, revision) per level; returns the next. */
  private int findInsert(
      long head, long second, byte[] key, int offset, int length, long revision) {
    int hint = path[0];
    if (hint != root && compare(hint, head, second, key, offset, length, revision) < 0) {
      int next = nodes.nextPlain(hint, 0);
      if (next == NodeArena.NONE
          || compare(next, head, second, key, offset, length, revision) >= 0) {
        return next;
      }
    }
    int node = root;
    int known = NodeArena.NONE;
    for (int level = height - 1; ; ) {
      int next = nodes.nextPlain(node, level);
      if (next != NodeArena.NONE
          && next != known
          && compare(next, head, second, key, offset, length, revision) < 0) {
        node = next;
        continue;
      }
      known = next;
      path[level] = node;
      if (level-- == 0) {
        return next;
      }
    }
  }

  private int compare(
      int node, long head, long second, byte[] key, int offset, int length, long revision) {
    int order = compareKey(node, head, second, key, offset, length);
    return order != 0 ? order : Long.compare(revision, nodes.revision(node));
  }

  private int compareKey(int node, long head, long second, byte[] key, int offset, int length) {
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
    int entry = nodes.entry(node);
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
