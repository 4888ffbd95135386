package dev.atll.memtable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * From the hash of a key to its node: open addressing with linear probing. A slot is {@code low half
 * of the hash << 32 | node}; 0 is empty. A get of a key that is not here, which is most of what a
 * memtable is asked, ends at one slot instead of a walk down the skip list, and so does the search
 * for a key that gets a further version.
 *
 * <p>One thread writes; any number read meanwhile. Nothing is ever removed. There are 64 tables,
 * chosen by the high bits of the hash, each growing by itself, so that no single put pays for moving
 * all slots; up to some three million keys they also stay below the size that G1 calls humongous.
 */
final class KeyIndex {
  private static final int TABLES = 64;
  private static final int TABLE_SHIFT = Long.SIZE - 6;
  private static final int SLOTS_MIN = 8;
  private static final VarHandle TABLE = MethodHandles.arrayElementVarHandle(long[][].class);
  private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(long[].class);

  private final long[][] tables = new long[TABLES][];
  private final int[] used = new int[TABLES];
  private long bytes;

  /** The table that holds a hash, or null when it is empty. */
  long @Nullable [] table(long hash) {
    return (long[]) TABLE.getAcquire(tables, (int) (hash >>> TABLE_SHIFT));
  }

  /** Where to look first; the next places are one further, around the end. */
  static int start(long[] table, long hash) {
    return (int) hash & (table.length - 1);
  }

  static int after(long[] table, int place) {
    return (place + 1) & (table.length - 1);
  }

  /** A slot and all that was written before it; 0 when empty. */
  static long slot(long[] table, int place) {
    return (long) SLOT.getAcquire(table, place);
  }

  static boolean isOf(long slot, long hash) {
    return (int) (slot >>> Integer.SIZE) == (int) hash;
  }

  static int node(long slot) {
    return (int) slot;
  }

  /** Adds a key that is not in the index. */
  void add(long hash, int node) {
    int number = (int) (hash >>> TABLE_SHIFT);
    long[] table = tables[number];
    if (table == null) {
      table = new long[SLOTS_MIN];
      bytes += (long) SLOTS_MIN * Long.BYTES;
      TABLE.setRelease(tables, number, table);
    } else if (used[number] * 3L >= table.length * 2L) {
      table = grown(table);
      // Readers of the old table miss only what is added from now on, which they need not see.
      TABLE.setRelease(tables, number, table);
    }
    used[number]++;
    int place = start(table, hash);
    while (table[place] != 0) {
      place = after(table, place);
    }
    SLOT.setRelease(table, place, pack(hash, node));
  }

  private long[] grown(long[] old) {
    long[] table = new long[old.length * 2];
    bytes += (long) (table.length - old.length) * Long.BYTES;
    for (long slot : old) {
      if (slot != 0) {
        int place = start(table, slot >>> Integer.SIZE);
        while (table[place] != 0) {
          place = after(table, place);
        }
        table[place] = slot;
      }
    }
    return table;
  }

  /** Bytes of all tables. */
  long bytes() {
    return bytes;
  }

  private static long pack(long hash, int node) {
    return hash << Integer.SIZE | node & 0xFFFF_FFFFL;
  }
}
