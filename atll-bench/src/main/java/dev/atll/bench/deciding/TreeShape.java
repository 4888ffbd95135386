package dev.atll.bench.deciding;

import dev.atll.api.Durability;
import dev.atll.api.Options;
import java.nio.ByteBuffer;

/**
 * A tree of a given number of slots as the default shape grows it: each level ten times the one above, slots
 * of one size, the deepest level full but for a tenth, those above it half full.
 *
 * @param slots of all levels together, about
 * @param depth levels that hold data
 * @param slotBytes what a slot should hold
 * @param memtableBytes size of a memtable
 */
record TreeShape(int slots, int depth, long slotBytes, long memtableBytes) {
  static final int FANOUT = 10;
  private static final int VALUE_BYTES = 100;
  private static final int KEY_BYTES = 16;
  private static final long LEAST_MEMTABLE = 16 << 10;

  // All data of a tree: more takes too long to write, and less would make slots of a few keys. By default
  // slots are of 256 KiB to 16 MiB: what a merge costs beside its decision goes by their size.
  private static final long DATA_BYTES_MAX = 1_100_000_000;
  private static final long SLOT_BYTES_MAX = 1 << 20;
  private static final long SLOT_BYTES_MIN = 4 << 10;

  // What a slot of the deepest level holds, and one of a level above, of what it should.
  private static final double FILL_DEEPEST = 0.6;
  private static final double FILL_ABOVE = 0.3;

  /** The shape for so many slots. */
  static TreeShape of(int slots) {
    int depth = 1;
    double first = slots;
    while (first >= FANOUT) {
      first /= FANOUT;
      depth++;
    }
    long slotBytes = SLOT_BYTES_MAX;
    while (slotBytes > SLOT_BYTES_MIN && slots * FILL_DEEPEST * slotBytes > DATA_BYTES_MAX) {
      slotBytes /= 2;
    }
    // Level i may have memtable × T^i ÷ slot bytes slots: as many as there are.
    depth = Math.max(1, depth - 1);
    double memtables = slots / Math.pow(FANOUT, depth);
    long memtable = Math.max(LEAST_MEMTABLE, (long) (memtables * slotBytes));
    return new TreeShape(slots, depth, slotBytes, memtable);
  }

  /** Slots of a level, from 1. */
  int slots(int level) {
    if (level < depth) {
      return Math.max(1, (int) (slots / Math.pow(FANOUT, depth - level)));
    }
    int above = 0;
    for (int i = 1; i < depth; i++) {
      above += slots(i);
    }
    return Math.max(1, slots - above);
  }

  /** Entries of a level, from 1. */
  long entries(int level) {
    double fill = level == depth ? FILL_DEEPEST : FILL_ABOVE;
    return Math.max(slots(level), (long) (slots(level) * fill * slotBytes / entryBytes()));
  }

  /** Different keys of the store. */
  long keys() {
    return entries(depth);
  }

  static int entryBytes() {
    return KEY_BYTES + VALUE_BYTES;
  }

  static byte[] value(long seed) {
    byte[] value = new byte[VALUE_BYTES];
    ByteBuffer buffer = ByteBuffer.wrap(value);
    long x = seed;
    while (buffer.remaining() >= Long.BYTES) {
      x = x * 0x9E3779B97F4A7C15L + 1;
      buffer.putLong(x ^ (x >>> 29));
    }
    return value;
  }

  /** The key with a rank from 0 to {@link #keys} - 1; they lie evenly. */
  byte[] key(long rank) {
    byte[] key = new byte[KEY_BYTES];
    writeKey(rank, key);
    return key;
  }

  void writeKey(long rank, byte[] into) {
    long place = (long) ((double) rank / keys() * 0x1p63);
    ByteBuffer.wrap(into).putLong(place << 1).putLong(rank);
  }

  Options options() {
    return Options.builder()
        .memtableBytes(memtableBytes)
        .slotBytes(slotBytes)
        .fanout(FANOUT)
        .compactionJobs(1)
        .durability(Durability.OS)
        .build();
  }
}
