package dev.atll.tree;

import dev.atll.base.Keys;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Ranges of keys in which nothing is alive, as scans found them: the next scan goes around, wherever
 * the deletions and what they hide are kept. Without them, each poll of a queue passes all entries
 * polled before, until a merge has dropped them (decision 0090).
 *
 * <p>A range holds for every revision from one on. A scan adds it, at the revision it read, if nothing
 * was put there since; a put cuts it, before it becomes visible. So that the scan can tell, puts are
 * noted from the moment a scan has asked for it: until then, a store without long dead stretches pays
 * one read of a field per commit.
 *
 * <p>Thread-safe: one short lock, which gets never take, scans only on dead keys, and commits only
 * while puts are noted. It is a leaf.
 */
public final class DeadRanges {
  private static final int RANGES_MAX = 256;
  private static final int KEY_BYTES_MAX = 1024;
  private static final int NOTED_MAX = 1024;

  /** Revisions without a dead stretch after which puts are noted no longer. */
  private static final long IDLE_REVISIONS = 1 << 20;

  /**
   * From the revision on, no key k with {@code low <= k < high} is alive.
   *
   * @param high null for no bound
   */
  public record Range(byte[] low, byte @Nullable [] high, long since) {
    /** Whether the key, which must not be less than {@code low}, is in the range. */
    private boolean reaches(byte[] key) {
      return high == null || Keys.compare(key, high) < 0;
    }
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final TreeMap<byte[], Range> ranges = new TreeMap<>(Keys::compare);
  private volatile boolean wanted;

  // Under the lock: the last keys put, around the end, and the revision after which all were noted.
  private final byte[][] notedKeys = new byte[NOTED_MAX][];
  private final long[] notedRevisions = new long[NOTED_MAX];
  private long noted;
  private long notedSince = Long.MAX_VALUE;
  private long lastUse;

  /** Creates one that knows no range. */
  public DeadRanges() {}

  /**
   * Called by the committing thread before it inserts.
   *
   * @param firstRevision lowest revision of the group
   * @return whether {@link #put} must be called for each value of the group
   */
  public boolean isNoting(long firstRevision) {
    if (!wanted) {
      return false;
    }
    lock.lock();
    try {
      if (notedSince == Long.MAX_VALUE) {
        notedSince = firstRevision - 1;
        lastUse = firstRevision;
      } else if (ranges.isEmpty() && firstRevision - lastUse > IDLE_REVISIONS) {
        wanted = false;
        notedSince = Long.MAX_VALUE;
        noted = 0;
        Arrays.fill(notedKeys, null);
      }
      return wanted;
    } finally {
      lock.unlock();
    }
  }

  /** Notes that a value is about to become visible. By the committing thread. */
  public void put(long revision, byte[] array, int offset, int length) {
    byte[] key = Arrays.copyOfRange(array, offset, offset + length);
    lock.lock();
    try {
      int at = (int) (noted++ & NOTED_MAX - 1);
      notedKeys[at] = key;
      notedRevisions[at] = revision;
      Map.Entry<byte[], Range> below = ranges.floorEntry(key);
      if (below != null && below.getValue().reaches(key)) {
        cut(below.getValue(), key);
      }
    } finally {
      lock.unlock();
    }
  }

  private void cut(Range range, byte[] key) {
    ranges.remove(range.low);
    if (Keys.compare(range.low, key) < 0) {
      ranges.put(range.low, new Range(range.low, key, range.since));
    }
    byte[] after = Arrays.copyOf(key, key.length + 1); // the least key greater than it
    // Values are mostly put behind all others, where there is nothing dead to go around.
    if (range.high != null && range.reaches(after) && ranges.size() < RANGES_MAX) {
      ranges.put(after, new Range(after, range.high, range.since));
    }
  }

  /** Whether no range is known, most probably. */
  public boolean isEmpty() {
    return !wanted;
  }

  /** The first range at a revision that ends behind a key; the key may be in it. */
  public @Nullable Range forward(byte[] key, long revision) {
    lock.lock();
    try {
      Map.Entry<byte[], Range> at = ranges.floorEntry(key);
      if (at == null || !at.getValue().reaches(key)) {
        at = ranges.higherEntry(key);
      }
      return at == null ? null : use(at.getValue(), revision);
    } finally {
      lock.unlock();
    }
  }

  /** The last range at a revision that begins at or before a key; the key may be in it. */
  public @Nullable Range backward(byte[] key, long revision) {
    lock.lock();
    try {
      Map.Entry<byte[], Range> at = ranges.floorEntry(key);
      return at == null ? null : use(at.getValue(), revision);
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Range use(Range range, long revision) {
    lastUse = Math.max(lastUse, revision);
    return range.since <= revision ? range : null;
  }

  /**
   * Takes a range in which a scan found nothing alive at its revision; forgets it if it cannot tell
   * whether something was put there since.
   *
   * @param high null for no bound
   */
  public void found(byte[] low, byte @Nullable [] high, long revision) {
    if (low.length > KEY_BYTES_MAX
        || (high != null && (high.length > KEY_BYTES_MAX || Keys.compare(low, high) >= 0))) {
      return; // the last, an empty range, from a scan over entries out of order
    }
    lock.lock();
    try {
      wanted = true;
      if (revision < notedSince || mayHavePut(low, high, revision)) {
        return;
      }
      lastUse = Math.max(lastUse, revision);
      join(low, high, revision);
    } finally {
      lock.unlock();
    }
  }

  private boolean mayHavePut(byte[] low, byte @Nullable [] high, long after) {
    long oldest = Math.max(0, noted - NOTED_MAX);
    for (long i = noted - 1; i >= oldest; i--) {
      int at = (int) (i & NOTED_MAX - 1);
      if (notedRevisions[at] <= after) {
        return false;
      }
      byte[] key = notedKeys[at];
      if (Keys.compare(key, low) >= 0 && (high == null || Keys.compare(key, high) < 0)) {
        return true;
      }
    }
    return oldest > 0;
  }

  /** Adds a range, as one with all that it touches. */
  private void join(byte[] low, byte @Nullable [] high, long revision) {
    byte[] from = low;
    byte[] to = high;
    long since = revision;
    Map.Entry<byte[], Range> at = ranges.floorEntry(low);
    if (at == null) {
      at = ranges.higherEntry(low);
    }
    while (at != null && (to == null || Keys.compare(at.getKey(), to) <= 0)) {
      Range other = at.getValue();
      Map.Entry<byte[], Range> next = ranges.higherEntry(at.getKey());
      if (other.reaches(from) || (other.high != null && Arrays.equals(other.high, from))) {
        ranges.remove(other.low);
        from = Keys.compare(other.low, from) < 0 ? other.low : from;
        to = to != null && other.reaches(to) ? other.high : to;
        since = Math.max(since, other.since);
      }
      at = next;
    }
    ranges.put(from, new Range(from, to, since));
    if (ranges.size() > RANGES_MAX) {
      // What is left behind this one after cuts is the least useful.
      Map.Entry<byte[], Range> victim = ranges.higherEntry(from);
      ranges.remove(victim == null ? ranges.firstKey() : victim.getKey());
    }
  }
}
