package dev.atll.sstable;

import dev.atll.sstable.block.Bytes;
import java.lang.foreign.MemorySegment;
import java.util.zip.CRC32C;

/** The constants of the table file; the words to them are in {@code context/formats/table.md}. */
final class TableFormat {
  /** The last eight bytes of every table: {@code ATLLTABL}. */
  static final long MAGIC = 0x41544C4C5441424CL;

  /** The version this code writes, and the highest it reads. */
  static final int VERSION = 1;

  /** Feature flag: a filter of the file is a ribbon. */
  static final int FEATURE_RIBBON = 1;

  /** Feature flag: blocks begin where {@link #blockStart} says. */
  static final int FEATURE_PAGES = 2;

  /** What a device reads at a time; of a file with pages, few blocks lie on two without need. */
  static final int PAGE_BYTES = 4096;

  /** A block goes to the next page rather than begin in so many bytes at the end of one. */
  static final int PAGE_REST_MAX = 512;

  /** Feature flags this version understands. A file with others is refused. */
  static final int FEATURES_KNOWN = FEATURE_RIBBON | FEATURE_PAGES;

  /** What follows the payload of a frame: codec byte and checksum. */
  static final int TRAILER_BYTES = 5;

  /** Filters begin at a multiple of this, so that a block of theirs is one cache line. */
  static final int FILTER_ALIGNMENT = 64;

  /** In front of a compressed payload: its length before compression. */
  static final int RAW_LENGTH_BYTES = 4;

  /** Longest key of a table. */
  static final int KEY_BYTES_MAX = 4 << 20;

  /** Longest value of a table. */
  static final int VALUE_BYTES_MAX = 1 << 30;

  /** Blocks longer than this are never compressed, so a reader need not inflate more. */
  static final int COMPRESSED_BLOCK_BYTES_MAX = 32 << 20;

  /** A partition is closed when its separators exceed half of this; a reader refuses more. */
  static final int SEPARATOR_BYTES_MAX = 16 << 20;

  static final int FOOTER_BYTES = 80;
  static final int FOOTER_DIRECTORY_OFFSET = 0;
  static final int FOOTER_DIRECTORY_LENGTH = 8;
  static final int FOOTER_PROPERTIES_OFFSET = 16;
  static final int FOOTER_PROPERTIES_LENGTH = 24;
  static final int FOOTER_RANGE_DELETIONS_OFFSET = 32;
  static final int FOOTER_RANGE_DELETIONS_LENGTH = 40;
  static final int FOOTER_FILE_NUMBER = 48;
  static final int FOOTER_FEATURES = 56;
  static final int FOOTER_VERSION = 60;
  static final int FOOTER_RESERVED = 64;
  static final int FOOTER_CHECKSUM = 68;
  static final int FOOTER_MAGIC = 72;

  static final int PROPERTY_ENTRIES = 1;
  static final int PROPERTY_TOMBSTONES = 2;
  static final int PROPERTY_MIN_REVISION = 3;
  static final int PROPERTY_MAX_REVISION = 4;
  static final int PROPERTY_KEY_BYTES = 5;
  static final int PROPERTY_VALUE_BYTES = 6;
  static final int PROPERTY_DIGEST = 7;
  static final int PROPERTY_SMALLEST_KEY = 8;
  static final int PROPERTY_LARGEST_KEY = 9;
  static final int PROPERTY_FALSE_POSITIVE_RATE = 10;

  private TableFormat() {}

  /** Where a block begins that comes behind others ending at an offset of a file with pages. */
  static long blockStart(long offset, long frameBytes) {
    long rest = PAGE_BYTES - (offset & (PAGE_BYTES - 1));
    return rest <= PAGE_REST_MAX && frameBytes > rest ? offset + rest : offset;
  }

  /**
   * CRC32C of bytes, begun with the number of their file and their offset in it: bytes that are
   * right, but in the wrong place, do not match. Not thread-safe.
   */
  static final class Checksum {
    private static final int CHUNK_BYTES = 64 << 10;

    private final CRC32C crc = new CRC32C();
    private final byte[] seed = new byte[16];
    private byte[] chunk = new byte[8 << 10];

    int of(long fileNumber, long fileOffset, byte[] bytes, int offset, int length) {
      begin(fileNumber, fileOffset);
      crc.update(bytes, offset, length);
      return (int) crc.getValue();
    }

    /** The same over a segment, by way of the heap: a checksum of mapped bytes can kill the JVM. */
    int of(long fileNumber, long fileOffset, MemorySegment segment, long offset, long length) {
      begin(fileNumber, fileOffset);
      if (chunk.length < length && chunk.length < CHUNK_BYTES) {
        chunk = new byte[CHUNK_BYTES];
      }
      for (long done = 0; done < length; ) {
        int step = (int) Math.min(chunk.length, length - done);
        MemorySegment.copy(segment, Bytes.BYTE, offset + done, chunk, 0, step);
        crc.update(chunk, 0, step);
        done += step;
      }
      return (int) crc.getValue();
    }

    private void begin(long fileNumber, long fileOffset) {
      Bytes.putLong(seed, 0, fileNumber);
      Bytes.putLong(seed, 8, fileOffset);
      crc.reset();
      crc.update(seed, 0, seed.length);
    }
  }
}
