package dev.atll.memtable;

import dev.atll.base.EntryCursor;
import dev.atll.base.Keys;
import dev.atll.base.Lookup;
import dev.atll.base.ValueKind;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * The newest entries of the store, sorted by key ascending (unsigned) and revision descending: one
 * node for each key in {@link KeyList}, its versions chained behind it in {@link EntryArena}, and a
 * {@link KeyIndex} from hashes to nodes. A further version of a key finds its node through the index
 * and is put before the newest: no search; and a scan passes a hot key in one step, both ways
 * (decision 0090).
 *
 * <p>One thread at a time calls {@link #put}; any number of threads read meanwhile, without locks.
 * A reader sees every entry whose {@code put} happened before its call, and perhaps later ones,
 * which it tells by their revision. Entries are never removed; the garbage collector frees the
 * whole memtable.
 */
public final class Memtable {
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
  private final EntryArena data = new EntryArena();
  private final KeyIndex index = new KeyIndex();
  private final KeyList keys;
  private final NodeArena nodes;

  // Of the inserting thread: the versions that one with an older revision is put behind.
  private int[] newer = new int[0];

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
    this.keys = new KeyList(data, seed);
    this.nodes = keys.nodes;
    bytes = usedBytes();
  }

  /**
   * Inserts an entry, copying both ranges. An entry of the same key and revision is replaced, so
   * that the last one in a batch wins; readers see the old one or the new one. Only one thread at a
   * time may call this, with a happens-before order between callers.
   *
   * @param revision at least 0; need not ascend, but a version behind n newer ones of its key costs n
   *     copies: only a repair, which reads damaged logs, puts any
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
    long second = KeyList.second(key, keyOffset, keyLength);
    long hash = Keys.hash(key, keyOffset, keyLength);
    int node = node(hash, head, second, key, keyOffset, keyLength);
    int replaced = EntryArena.NONE;
    if (node == NodeArena.NONE) {
      int first =
          data.appendFirst(
              revision, kind, key, keyOffset, keyLength, value, valueOffset, valueLength);
      node = keys.insert(head, second, key, keyOffset, keyLength, first);
      index.add(hash, node);
    } else {
      replaced = putVersion(node, revision, kind, value, valueOffset, valueLength);
    }
    count(revision, kind, replaced);
  }

  /** Puts a version into the chain of its key; returns the one of that revision it replaces. */
  private int putVersion(
      int node, long revision, int kind, byte[] value, int valueOffset, int valueLength) {
    int older = nodes.newest(node);
    int newerCount = 0;
    for (; older != EntryArena.NONE && data.revision(older) > revision; older = data.older(older)) {
      if (newerCount == newer.length) {
        newer = Arrays.copyOf(newer, Math.max(8, 2 * newerCount));
      }
      newer[newerCount++] = older;
    }
    int replaced = EntryArena.NONE;
    if (older != EntryArena.NONE && data.revision(older) == revision) {
      replaced = older;
      older = data.older(older);
    }
    int made = data.appendBefore(older, revision, kind, value, valueOffset, valueLength);
    // What is chained never changes, so that readers need no lock: newer versions are copied.
    while (newerCount > 0) {
      int copied = newer[--newerCount];
      byte[] array = data.array(copied);
      made =
          data.appendBefore(
              made,
              data.revision(copied),
              EntryArena.kind(array, copied),
              array,
              EntryArena.valueOffset(array, copied, nodes.keyLength(node)),
              EntryArena.valueLength(array, copied));
    }
    nodes.newestRelease(node, made);
    return replaced;
  }

  private void count(long revision, int kind, int replaced) {
    boolean wasDelete =
        replaced != EntryArena.NONE
            && EntryArena.kind(data.array(replaced), replaced) == ValueKind.DELETE;
    if (replaced == EntryArena.NONE) {
      ENTRIES.setOpaque(this, entries + 1);
    }
    if ((kind == ValueKind.DELETE) != wasDelete) {
      TOMBSTONES.setOpaque(this, tombstones + (wasDelete ? -1 : 1));
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

  /**
   * Answers a lookup with the newest entry of the key at or below its revision, or leaves it alone
   * when there is none. Any thread.
   */
  public void get(Lookup lookup) {
    byte[] key = lookup.key;
    int offset = lookup.keyOffset;
    int length = lookup.keyLength;
    int node =
        node(lookup.hash, lookup.head, KeyList.second(key, offset, length), key, offset, length);
    if (node == NodeArena.NONE) {
      return;
    }
    int version = data.atOrBelow(nodes.newest(node), lookup.revision);
    if (version == EntryArena.NONE) {
      return;
    }
    byte[] array = data.array(version);
    if (EntryArena.kind(array, version) == ValueKind.DELETE) {
      lookup.deleted(data.revision(version));
    } else {
      lookup.found(
          data.revision(version),
          data.segment(version),
          EntryArena.valueOffset(array, version, length),
          EntryArena.valueLength(array, version));
    }
  }

  /** The node of a key, or NONE. */
  private int node(long hash, long head, long second, byte[] key, int offset, int length) {
    long[] table = index.table(hash);
    if (table == null) {
      return NodeArena.NONE;
    }
    int place = KeyIndex.start(table, hash);
    for (long slot = KeyIndex.slot(table, place); slot != 0; slot = KeyIndex.slot(table, place)) {
      int node = KeyIndex.node(slot);
      if (KeyIndex.isOf(slot, hash) && keys.compare(node, head, second, key, offset, length) == 0) {
        return node;
      }
      place = KeyIndex.after(table, place);
    }
    return NodeArena.NONE;
  }

  /**
   * A cursor over all entries, both ways. It may be used while entries are inserted and then shows
   * each of them or not; moving backwards costs a search per step. Any thread; closing it is not
   * required.
   */
  public EntryCursor cursor() {
    return new MemtableCursor(this);
  }

  /**
   * A cursor over the newest version at or below a revision of each key, both ways; one step a key,
   * however many versions it has. It may be used while entries of higher revisions are inserted. Any
   * thread; closing it is not required.
   *
   * @param revision all entries up to it have been inserted
   */
  public EntryCursor view(long revision) {
    return new MemtableView(this, revision);
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

  KeyList keys() {
    return keys;
  }

  EntryArena data() {
    return data;
  }
}
