package dev.atll.memtable;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Keys and values of a memtable, written once into heap byte arrays and never moved. An entry is
 * {@code valueLength int, kind byte, key, value}, beginning at a four-byte unit.
 *
 * <p>One thread appends. Others may read an entry whose address they obtained through an acquiring
 * read that follows the appender's release: the tables below are plain fields and travel with it.
 */
final class EntryArena {
  /** Larger entries get an array of their own: less than a quarter of a chunk is ever wasted. */
  private static final int OWN_ARRAY_BYTES = ChunkSizes.CHUNK_BYTES_MAX / 4;

  private static final int HEADER_BYTES = Integer.BYTES + Byte.BYTES;
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.nativeOrder());

  private byte[][] chunks = new byte[4][];
  private MemorySegment[] segments = new MemorySegment[4];
  private int chunkCount;
  private int shared = -1;
  private int sharedUsedBytes;
  private int sharedCount;
  private long usedBytes;

  /** Copies an entry in and returns its address. */
  int append(
      int kind, byte[] key, int keyOffset, int keyLength, byte[] value, int valueOffset, int valueLength) {
    int length = Math.addExact(HEADER_BYTES + keyLength, valueLength);
    int chunk;
    int at;
    if (length > OWN_ARRAY_BYTES) {
      chunk = addChunk(length);
      at = 0;
      usedBytes += length;
    } else {
      int rounded = (length + ChunkSizes.UNIT_BYTES - 1) & -ChunkSizes.UNIT_BYTES;
      if (shared < 0 || sharedUsedBytes + rounded > chunks[shared].length) {
        int bytes = ChunkSizes.units(sharedCount++) * ChunkSizes.UNIT_BYTES;
        shared = addChunk(Math.max(bytes, rounded));
        sharedUsedBytes = 0;
      }
      chunk = shared;
      at = sharedUsedBytes;
      sharedUsedBytes += rounded;
      usedBytes += rounded;
    }
    byte[] array = chunks[chunk];
    INT.set(array, at, valueLength);
    array[at + Integer.BYTES] = (byte) kind;
    System.arraycopy(key, keyOffset, array, at + HEADER_BYTES, keyLength);
    System.arraycopy(value, valueOffset, array, at + HEADER_BYTES + keyLength, valueLength);
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

  static int keyOffset(int address) {
    return offset(address) + HEADER_BYTES;
  }

  static int kind(byte[] array, int address) {
    return array[offset(address) + Integer.BYTES];
  }

  static int valueLength(byte[] array, int address) {
    return (int) INT.get(array, offset(address));
  }

  private static int offset(int address) {
    return (address & ChunkSizes.UNIT_MASK) * ChunkSizes.UNIT_BYTES;
  }
}
