package dev.atll.memtable;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Keys and versions of a memtable, written once into heap byte arrays and never moved. A version
 * begins at a four-byte unit:
 *
 * <pre>
 *   0 int   value length
 *   4 long  revision
 *  12 byte  kind; with {@link #LINKED} if there are links, else a key
 *  the first version of a key:   13 key, value
 *  all others:   13 int older, 17 int jump, 21 int depth, 25 value
 * </pre>
 *
 * The versions of a key are a chain from the newest to the oldest. Each but the first knows the next
 * older one and jumps further back, over as many as E. Myers' rule says ("An applicative random-access
 * stack", 1983): found from its depth alone, one link each, and a search for a revision in a chain of
 * n passes O(log n) of them, where a snapshot may be 300,000 versions behind.
 *
 * <p>One thread appends. Others may read a version whose address they obtained through an acquiring
 * read that follows the appender's release: the tables below are plain fields and travel with it, and
 * so do the versions behind it, which never change.
 */
final class EntryArena {
  /** No version has this address: the first chunk is never used. */
  static final int NONE = 0;

  /** Larger entries get an array of their own: less than a quarter of a chunk is ever wasted. */
  private static final int OWN_ARRAY_BYTES = ChunkSizes.CHUNK_BYTES_MAX / 4;

  private static final int AT_REVISION = Integer.BYTES;
  private static final int AT_KIND = AT_REVISION + Long.BYTES;
  private static final int AT_KEY = AT_KIND + Byte.BYTES;
  private static final int AT_OLDER = AT_KEY;
  private static final int AT_JUMP = AT_OLDER + Integer.BYTES;
  private static final int AT_DEPTH = AT_JUMP + Integer.BYTES;
  private static final int AT_LINKED_VALUE = AT_DEPTH + Integer.BYTES;
  private static final int LINKED = 0x80;

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.nativeOrder());
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private byte[][] chunks = new byte[4][];
  private MemorySegment[] segments = new MemorySegment[4];
  private int chunkCount = 1;
  private int shared = NONE;
  private int sharedUsedBytes;
  private int sharedCount;
  private long usedBytes;

  /** Copies the first version of a key in, with the key, and returns its address. */
  int appendFirst(
      long revision,
      int kind,
      byte[] key,
      int keyOffset,
      int keyLength,
      byte[] value,
      int valueOffset,
      int valueLength) {
    int address = reserve(Math.addExact(AT_KEY + keyLength, valueLength));
    byte[] array = array(address);
    int at = offset(address);
    INT.set(array, at, valueLength);
    LONG.set(array, at + AT_REVISION, revision);
    array[at + AT_KIND] = (byte) kind;
    System.arraycopy(key, keyOffset, array, at + AT_KEY, keyLength);
    System.arraycopy(value, valueOffset, array, at + AT_KEY + keyLength, valueLength);
    return address;
  }

  /** Copies a version in, before an older one or NONE, and returns its address. */
  int appendBefore(
      int older, long revision, int kind, byte[] value, int valueOffset, int valueLength) {
    int address = reserve(Math.addExact(AT_LINKED_VALUE, valueLength));
    byte[] array = array(address);
    int at = offset(address);
    INT.set(array, at, valueLength);
    LONG.set(array, at + AT_REVISION, revision);
    array[at + AT_KIND] = (byte) (kind | LINKED);
    INT.set(array, at + AT_OLDER, older);
    INT.set(array, at + AT_JUMP, older == NONE ? address : jumpBefore(older));
    INT.set(array, at + AT_DEPTH, older == NONE ? 0 : depth(older) + 1);
    System.arraycopy(value, valueOffset, array, at + AT_LINKED_VALUE, valueLength);
    return address;
  }

  /** Where a version before this one jumps to: as far as two jumps, if those are of one length. */
  private int jumpBefore(int older) {
    int one = jump(older);
    int two = jump(one);
    return depth(older) - depth(one) == depth(one) - depth(two) ? two : older;
  }

  private int reserve(int length) {
    int chunk;
    int at;
    if (length > OWN_ARRAY_BYTES) {
      chunk = addChunk(length);
      at = 0;
      usedBytes += length;
    } else {
      int rounded = (length + ChunkSizes.UNIT_BYTES - 1) & -ChunkSizes.UNIT_BYTES;
      if (shared == NONE || sharedUsedBytes + rounded > chunks[shared].length) {
        int bytes = ChunkSizes.units(sharedCount++) * ChunkSizes.UNIT_BYTES;
        shared = addChunk(Math.max(bytes, rounded));
        sharedUsedBytes = 0;
      }
      chunk = shared;
      at = sharedUsedBytes;
      sharedUsedBytes += rounded;
      usedBytes += rounded;
    }
    return ChunkSizes.address(chunk, at / ChunkSizes.UNIT_BYTES);
  }

  private int addChunk(int bytes) {
    int index = chunkCount;
    if (index == chunks.length) {
      // Readers may hold the old tables; those stay right for every address they can know.
      chunks = Arrays.copyOf(chunks, index * 2);
      segments = Arrays.copyOf(segments, index * 2);
    }
    byte[] chunk = new byte[bytes];
    chunks[index] = chunk;
    segments[index] = MemorySegment.ofArray(chunk);
    chunkCount++;
    return index;
  }

  /** Bytes taken by entries so far. */
  long usedBytes() {
    return usedBytes;
  }

  byte[] array(int address) {
    return chunks[address >>> ChunkSizes.UNIT_BITS];
  }

  MemorySegment segment(int address) {
    return segments[address >>> ChunkSizes.UNIT_BITS];
  }

  /** Where the key is in the array of a first version. */
  static int keyOffset(int address) {
    return offset(address) + AT_KEY;
  }

  long revision(int address) {
    return (long) LONG.get(array(address), offset(address) + AT_REVISION);
  }

  static int kind(byte[] array, int address) {
    return array[offset(address) + AT_KIND] & ~LINKED & 0xFF;
  }

  /** Where the value is in the array; the key's length counts only for a first version. */
  static int valueOffset(byte[] array, int address, int keyLength) {
    int at = offset(address);
    return isLinked(array, at) ? at + AT_LINKED_VALUE : at + AT_KEY + keyLength;
  }

  static int valueLength(byte[] array, int address) {
    return (int) INT.get(array, offset(address));
  }

  /** The next older version of the key, or NONE. */
  int older(int address) {
    byte[] array = array(address);
    int at = offset(address);
    return isLinked(array, at) ? (int) INT.get(array, at + AT_OLDER) : NONE;
  }

  /** The newest version at or below a revision, from this one on, or NONE. */
  int atOrBelow(int newest, long revision) {
    int version = newest;
    while (version != NONE && revision(version) > revision) {
      int jump = jump(version);
      version = jump != version && revision(jump) > revision ? jump : older(version);
    }
    return version;
  }

  /** The oldest version above a revision, from this one on, or NONE. */
  int above(int newest, long revision) {
    int version = newest;
    if (revision(version) <= revision) {
      return NONE;
    }
    while (true) {
      int jump = jump(version);
      if (jump != version && revision(jump) > revision) {
        version = jump;
        continue;
      }
      int older = older(version);
      if (older == NONE || revision(older) <= revision) {
        return version;
      }
      version = older;
    }
  }

  /** The oldest version behind this one. */
  int oldest(int newest) {
    int version = newest;
    while (depth(version) > 0) {
      version = jump(version);
    }
    return version;
  }

  private int jump(int address) {
    byte[] array = array(address);
    int at = offset(address);
    return isLinked(array, at) ? (int) INT.get(array, at + AT_JUMP) : address;
  }

  private int depth(int address) {
    byte[] array = array(address);
    int at = offset(address);
    return isLinked(array, at) ? (int) INT.get(array, at + AT_DEPTH) : 0;
  }

  private static boolean isLinked(byte[] array, int at) {
    return array[at + AT_KIND] < 0;
  }

  private static int offset(int address) {
    return (address & ChunkSizes.UNIT_MASK) * ChunkSizes.UNIT_BYTES;
  }
}
