package dev.atll.sstable;

import dev.atll.api.CorruptionException;
import dev.atll.api.UnsupportedFormatException;
import dev.atll.sstable.block.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32C;

/**
 * The list of blocks that were hot when a store was closed; the words to it are in {@code
 * context/formats/hot.md}. Advice: a store without it, or with a wrong one, is only slower at first.
 */
public final class HotList {
  /** Name of the file. */
  public static final String FILE = "hot-blocks";

  /** What a list is called until it is whole. */
  public static final String FILE_TMP = "hot-blocks.tmp";

  /** Most blocks of a list: 256 MiB of them, which a device reads in some seconds. */
  public static final int BLOCKS_MAX = 64 << 10;

  /** Longest file: two numbers of ten bytes at most for each block. */
  public static final int BYTES_MAX = 2 << 20;

  private static final long MAGIC = 0x4154_4C4C_484F_5453L; // ATLLHOTS
  private static final int VERSION = 1;
  private static final int AT_VERSION = 8;
  private static final int AT_STORE = 12;
  private static final int AT_COUNT = 20;
  private static final int HEADER_BYTES = 24;

  /**
   * A block.
   *
   * @param file number of its table, greater than 0
   * @param offset where it begins in the file, not negative
   */
  public record Block(long file, long offset) implements Comparable<Block> {
    @Override
    public int compareTo(Block other) {
      int order = Long.compare(file, other.file);
      return order != 0 ? order : Long.compare(offset, other.offset);
    }
  }

  private HotList() {}

  /**
   * The bytes of the file.
   *
   * @param storeId of the store that the file numbers belong to
   * @param blocks ascending and distinct, {@link #BLOCKS_MAX} at most
   */
  public static byte[] encode(long storeId, List<Block> blocks) {
    byte[] header = new byte[HEADER_BYTES];
    Bytes.putLong(header, 0, MAGIC);
    Bytes.putInt(header, AT_VERSION, VERSION);
    Bytes.putLong(header, AT_STORE, storeId);
    Bytes.putInt(header, AT_COUNT, blocks.size());
    Growing out = new Growing().put(header, 0, header.length);
    Block last = new Block(0, 0);
    for (Block block : blocks) {
      out.varint(block.file() - last.file());
      out.varint(block.file() == last.file() ? block.offset() - last.offset() : block.offset());
      last = block;
    }
    out.fixed32(checksum(out.bytes, out.length));
    return java.util.Arrays.copyOf(out.bytes, out.length);
  }

  /**
   * What is in the file.
   *
   * @throws CorruptionException if it is damaged, or the list of another store
   * @throws UnsupportedFormatException if a newer version wrote it
   */
  public static List<Block> decode(long storeId, byte[] bytes) {
    int end = bytes.length - Integer.BYTES;
    if (end < HEADER_BYTES || bytes.length > BYTES_MAX || Bytes.getLong(bytes, 0) != MAGIC) {
      throw new CorruptionException(FILE, 0, "not a list of blocks");
    }
    if (Bytes.getInt(bytes, end) != checksum(bytes, end)) {
      throw new CorruptionException(FILE, end, "checksum");
    }
    if (Bytes.getInt(bytes, AT_VERSION) != VERSION) {
      throw new UnsupportedFormatException(
          String.format(
              Locale.ROOT,
              "%s has version %d, this reads %d",
              FILE,
              Bytes.getInt(bytes, AT_VERSION),
              VERSION));
    }
    if (Bytes.getLong(bytes, AT_STORE) != storeId) {
      throw new CorruptionException(FILE, AT_STORE, "of another store");
    }
    int count = Bytes.getInt(bytes, AT_COUNT);
    // Each block takes two bytes or more: what is not there needs no memory.
    if (count < 0 || count > BLOCKS_MAX || count > (end - HEADER_BYTES) / 2) {
      throw new CorruptionException(FILE, AT_COUNT, "number of blocks");
    }
    byte[] list = java.util.Arrays.copyOfRange(bytes, HEADER_BYTES, end);
    SectionReader in = new SectionReader(FILE, HEADER_BYTES, list, list.length);
    List<Block> blocks = new ArrayList<>(count);
    long file = 0;
    long offset = 0;
    for (int i = 0; i < count; i++) {
      long more = in.varint("file", Long.MAX_VALUE - file);
      long step = in.varint("offset", more == 0 ? Partition.OFFSET - offset : Partition.OFFSET);
      if (more == 0 && (step == 0 || i == 0)) {
        throw in.damaged("order of the blocks");
      }
      offset = more == 0 ? offset + step : step;
      file += more;
      blocks.add(new Block(file, offset));
    }
    if (in.left() != 0) {
      throw in.damaged("bytes behind the list");
    }
    return blocks;
  }

  private static int checksum(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }
}
