package dev.atll.sstable;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Decompressed blocks, within a byte budget, shared by all tables of one store (file numbers are the
 * keys). Blocks stored as they are never come here: they are read in place.
 *
 * <p>Shards of set-associative slots: a hit is a scan of eight slots without a lock; an insertion
 * locks its shard and lets a clock hand take away blocks not asked for since it last passed (second
 * chance, F. Corbató 1968). Evicted blocks stay valid for those who hold them: the garbage collector
 * frees them. Thread-safe.
 */
public final class BlockCache {
  private static final int WAYS = 8;
  private static final int BLOCK_BYTES_EXPECTED = 2 << 10;
  private static final int SHARD_BYTES_MIN = 1 << 20;
  private static final int SHARDS_MAX = 16;
  private static final int ENTRY_OVERHEAD_BYTES = 128;
  private static final VarHandle SLOTS = MethodHandles.arrayElementVarHandle(Entry[].class);

  private final Shard[] shards;
  private final long bytesMax;
  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();

  private static final class Entry {
    final long fileNumber;
    final long offset;
    final MemorySegment block;
    // Written by readers without order: a lost mark costs at most one miss.
    boolean used;

    Entry(long fileNumber, long offset, MemorySegment block) {
      this.fileNumber = fileNumber;
      this.offset = offset;
      this.block = block;
    }

    long bytes() {
      return block.byteSize() + ENTRY_OVERHEAD_BYTES;
    }
  }

  private static final class Shard {
    final @Nullable Entry[] slots;
    final int setMask;
    final long bytesMax;
    // Guarded by this: the last three, and writes to the slots.
    long bytes;
    long evictions;
    int hand;

    Shard(long bytesMax, int shardCount) {
      this.bytesMax = bytesMax;
      // A budget beyond the heap can never be used up: slots for it would only fill the heap.
      long usable = Math.min(bytesMax, Runtime.getRuntime().maxMemory() / shardCount);
      long sets = Math.max(2, usable / BLOCK_BYTES_EXPECTED / WAYS);
      int count = (int) Math.min(1 << 24, Long.highestOneBit(sets * 2 - 1));
      slots = new Entry[count * WAYS];
      setMask = count - 1;
    }
  }

  /**
   * Creates an empty cache.
   *
   * @param bytesMax budget for the blocks and what goes with them, in bytes; 0 keeps nothing
   */
  public BlockCache(long bytesMax) {
    if (bytesMax < 0) {
      throw new IllegalArgumentException("bytesMax must not be negative");
    }
    this.bytesMax = bytesMax;
    long count = Math.max(1, Math.min(SHARDS_MAX, bytesMax / SHARD_BYTES_MIN));
    shards = new Shard[(int) Long.highestOneBit(count)];
    for (int i = 0; i < shards.length; i++) {
      shards[i] = new Shard(bytesMax / shards.length, shards.length);
    }
  }

  @Nullable MemorySegment get(long fileNumber, long offset) {
    long hash = hash(fileNumber, offset);
    Shard shard = shard(hash);
    int first = firstSlot(shard, hash);
    for (int i = first; i < first + WAYS; i++) {
      Entry entry = (Entry) SLOTS.getAcquire(shard.slots, i);
      if (entry != null && entry.offset == offset && entry.fileNumber == fileNumber) {
        if (!entry.used) {
          entry.used = true;
        }
        hits.increment();
        return entry.block;
      }
    }
    misses.increment();
    return null;
  }

  void put(long fileNumber, long offset, MemorySegment block) {
    Entry entry = new Entry(fileNumber, offset, block);
    long hash = hash(fileNumber, offset);
    Shard shard = shard(hash);
    if (entry.bytes() > shard.bytesMax) {
      return;
    }
    int first = firstSlot(shard, hash);
    synchronized (shard) {
      int place = -1;
      int unused = -1;
      for (int i = first; i < first + WAYS; i++) {
        Entry there = shard.slots[i];
        if (there == null) {
          place = place < 0 ? i : place;
        } else if (there.fileNumber == fileNumber && there.offset == offset) {
          return;
        } else if (!there.used) {
          unused = i;
        }
      }
      if (place < 0) {
        place = unused >= 0 ? unused : first + (int) (hash & (WAYS - 1));
        remove(shard, place);
        shard.evictions++;
      }
      SLOTS.setRelease(shard.slots, place, entry);
      shard.bytes += entry.bytes();
      sweep(shard, place);
    }
  }

  /** Lets the clock hand run until the shard is within its budget; spares the newest block. */
  private static void sweep(Shard shard, int newest) {
    while (shard.bytes > shard.bytesMax) {
      int i = shard.hand;
      shard.hand = i + 1 == shard.slots.length ? 0 : i + 1;
      Entry entry = shard.slots[i];
      if (entry == null || i == newest) {
        continue;
      }
      if (entry.used) {
        entry.used = false;
      } else {
        remove(shard, i);
        shard.evictions++;
      }
    }
  }

  private static void remove(Shard shard, int slot) {
    Entry entry = shard.slots[slot];
    if (entry != null) {
      SLOTS.setRelease(shard.slots, slot, null);
      shard.bytes -= entry.bytes();
    }
  }

  /** Forgets the blocks of a file that is gone. Looks at every slot: for background threads. */
  public void forget(long fileNumber) {
    for (Shard shard : shards) {
      synchronized (shard) {
        for (int i = 0; i < shard.slots.length; i++) {
          Entry entry = shard.slots[i];
          if (entry != null && entry.fileNumber == fileNumber) {
            remove(shard, i);
          }
        }
      }
    }
  }

  /** The budget, in bytes. */
  public long bytesMax() {
    return bytesMax;
  }

  /** Bytes held now. */
  public long bytes() {
    long sum = 0;
    for (Shard shard : shards) {
      synchronized (shard) {
        sum += shard.bytes;
      }
    }
    return sum;
  }

  /** Blocks that had to make room for others. */
  public long evictions() {
    long sum = 0;
    for (Shard shard : shards) {
      synchronized (shard) {
        sum += shard.evictions;
      }
    }
    return sum;
  }

  /** How often a block was here. */
  public long hits() {
    return hits.sum();
  }

  /** How often a block had to be decompressed. */
  public long misses() {
    return misses.sum();
  }

  private Shard shard(long hash) {
    return shards[(int) (hash >>> 56) & (shards.length - 1)];
  }

  private static int firstSlot(Shard shard, long hash) {
    return ((int) (hash >>> 24) & shard.setMask) * WAYS;
  }

  private static long hash(long fileNumber, long offset) {
    long h = (fileNumber * 0x9E3779B97F4A7C15L ^ offset) * 0xE7037ED1A0B428DBL;
    return h ^ h >>> 29;
  }
}
