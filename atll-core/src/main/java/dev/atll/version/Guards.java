package dev.atll.version;

import dev.atll.base.Keys;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sorted boundary keys that divide one level into slots: n guards make n + 1 slots. Immutable.
 */
public final class Guards {
  /** No guards: one slot. */
  public static final Guards NONE = new Guards(new byte[0][]);

  private final byte[][] keys;
  private final long[] heads;

  private Guards(byte[][] keys) {
    this(keys, heads(keys));
  }

  private Guards(byte[][] keys, long[] heads) {
    this.keys = keys;
    this.heads = heads;
    assert areInOrder() : "guards out of order";
  }

  private static long[] heads(byte[][] keys) {
    long[] heads = new long[keys.length];
    for (int i = 0; i < keys.length; i++) {
      heads[i] = Keys.head(keys[i], 0, keys[i].length);
    }
    return heads;
  }

  private boolean areInOrder() {
    for (int i = 0; i < keys.length; i++) {
      assert keys[i].length > 0 : "the empty key cannot be a guard";
      assert i == 0 || Keys.compare(keys[i - 1], keys[i]) < 0 : "guards out of order at " + i;
    }
    return true;
  }

  /** Guards with these keys, which must ascend strictly and must not be empty keys. */
  public static Guards of(byte[]... keys) {
    return keys.length == 0 ? NONE : new Guards(keys.clone());
  }

  /** How many slots these guards make. */
  public int slotCount() {
    return keys.length + 1;
  }

  /** How many guards there are. */
  public int size() {
    return keys.length;
  }

  /** The i-th guard key; not to be written to. */
  public byte[] key(int i) {
    return keys[i];
  }

  /** All guard keys in a new array; the keys are not to be written to. */
  public byte[][] keys() {
    return keys.clone();
  }

  /** The rank of the slot a key belongs to. */
  public int slotOf(byte[] key, int offset, int length, long head) {
    int low = 0;
    int high = keys.length;
    while (low < high) {
      int mid = (low + high) >>> 1;
      int c = Long.compareUnsigned(heads[mid], head);
      if (c == 0) {
        c = Keys.compare(keys[mid], 0, keys[mid].length, key, offset, length);
      }
      if (c <= 0) {
        low = mid + 1;
      } else {
        high = mid;
      }
    }
    return low;
  }

  /** The rank of the slot a key belongs to. */
  public int slotOf(byte[] key) {
    return slotOf(key, 0, key.length, Keys.head(key, 0, key.length));
  }

  /** The rank of the last slot that holds keys below {@code high}; null means no bound. */
  public int lastSlotBelow(byte @Nullable [] high) {
    if (high == null) {
      return keys.length;
    }
    int index = indexOf(high);
    return index >= 0 ? index : -index - 1;
  }

  /** First key of a slot; empty for the first slot. */
  public byte[] low(int slot) {
    return slot == 0 ? Keys.EMPTY : keys[slot - 1];
  }

  /** First key after a slot; null for the last slot. */
  public byte @Nullable [] high(int slot) {
    return slot == keys.length ? null : keys[slot];
  }

  /** Index of a guard, or {@code -(insertion point) - 1}. */
  public int indexOf(byte[] key) {
    return Arrays.binarySearch(keys, key, Keys::compare);
  }

  /** Whether the key is a guard. */
  public boolean contains(byte[] key) {
    return indexOf(key) >= 0;
  }

  /** Whether each of these guards is one of the other's too. */
  public boolean isSubsetOf(Guards other) {
    for (byte[] key : keys) {
      if (!other.contains(key)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Where each slot of these guards begins among the slots of finer ones, and, last, how many of those
   * there are: slot s holds the finer slots from place s to before place s + 1.
   *
   * @param finer guards of which these are a subset
   */
  public int[] startsIn(Guards finer) {
    int[] starts = new int[keys.length + 2];
    int at = 0;
    for (int i = 0; i < keys.length; i++) {
      while (at < finer.keys.length
          && (Long.compareUnsigned(finer.heads[at], heads[i]) < 0
              || (finer.heads[at] == heads[i] && Keys.compare(finer.keys[at], keys[i]) < 0))) {
        at++;
      }
      assert at < finer.keys.length && Keys.compare(finer.keys[at], keys[i]) == 0 : "not nested";
      at++;
      starts[i + 1] = at;
    }
    starts[keys.length + 1] = finer.slotCount();
    return starts;
  }

  /**
   * With some guards more and some fewer, in one pass.
   *
   * @throws IllegalArgumentException if one that comes is there or empty, or one that goes is not there
   */
  Guards with(List<byte[]> more, List<byte[]> fewer) {
    byte[][] fresh = more.toArray(new byte[0][]);
    Arrays.sort(fresh, Keys::compare);
    boolean[] gone = new boolean[keys.length];
    for (byte[] key : fewer) {
      int at = indexOf(key);
      LevelEdit.require(at >= 0 && !gone[at], "no guard %s to remove", Arrays.toString(key));
      gone[at] = true;
    }
    byte[][] next = new byte[keys.length - fewer.size() + fresh.length][];
    long[] nextHeads = new long[next.length];
    int count = 0;
    int from = 0;
    for (int i = 0; i <= fresh.length; i++) {
      int to = keys.length;
      if (i < fresh.length) {
        int at = indexOf(fresh[i]);
        boolean known = at >= 0 && !gone[at];
        LevelEdit.require(
            fresh[i].length > 0
                && !known
                && (i == 0 || Keys.compare(fresh[i - 1], fresh[i]) != 0),
            "guard %s exists",
            Arrays.toString(fresh[i]));
        to = at >= 0 ? at : -at - 1;
      }
      if (fewer.isEmpty()) {
        System.arraycopy(keys, from, next, count, to - from);
        System.arraycopy(heads, from, nextHeads, count, to - from);
        count += to - from;
      } else {
        for (int k = from; k < to; k++) {
          if (!gone[k]) {
            next[count] = keys[k];
            nextHeads[count++] = heads[k];
          }
        }
      }
      from = to;
      if (i < fresh.length) {
        next[count] = fresh[i];
        nextHeads[count++] = Keys.head(fresh[i], 0, fresh[i].length);
      }
    }
    return next.length == 0 ? NONE : new Guards(next, nextHeads);
  }

  Guards with(byte[] key) {
    return with(List.of(key), List.of());
  }

  Guards without(byte[] key) {
    return with(List.of(), List.of(key));
  }
}
