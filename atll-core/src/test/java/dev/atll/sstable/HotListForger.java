package dev.atll.sstable;

import dev.atll.sstable.block.Bytes;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32C;

/** Makes lists of hot blocks as an enemy would: anything, signed. */
public final class HotListForger {
  private static final int HEADER_BYTES = 24;

  private HotListForger() {}

  /** A changed copy with a right checksum. */
  public static byte[] forge(byte[] list, RandomGenerator random) {
    byte[] bytes = list.clone();
    for (int i = random.nextInt(3); i >= 0; i--) {
      int at =
          random.nextInt(4) == 0
              ? random.nextInt(bytes.length)
              : HEADER_BYTES + random.nextInt(Math.max(1, bytes.length - HEADER_BYTES));
      bytes[Math.min(at, bytes.length - 1)] =
          switch (random.nextInt(4)) {
            case 0 -> (byte) 0xFF;
            case 1 -> 0;
            case 2 -> (byte) (bytes[Math.min(at, bytes.length - 1)] + 1);
            default -> (byte) random.nextInt(256);
          };
    }
    if (random.nextInt(8) == 0) {
      bytes = Arrays.copyOf(bytes, HEADER_BYTES + 4 + random.nextInt(bytes.length));
    }
    seal(bytes);
    return bytes;
  }

  /** A list of the store of another list, that names blocks here and there in some tables, and beyond them. */
  public static byte[] list(byte[] other, List<Long> files, RandomGenerator random) {
    TreeSet<HotList.Block> blocks = new TreeSet<>();
    for (int i = random.nextInt(60); i >= 0; i--) {
      long file =
          random.nextInt(8) == 0 ? 1 + random.nextLong(1 << 20) : files.get(random.nextInt(files.size()));
      long offset =
          switch (random.nextInt(4)) {
            case 0 -> 0;
            case 1 -> random.nextLong(1L << 50);
            default -> random.nextInt(6000);
          };
      blocks.add(new HotList.Block(file, offset));
    }
    return HotList.encode(Bytes.getLong(other, 12), List.copyOf(blocks));
  }

  private static void seal(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, bytes.length - Integer.BYTES);
    Bytes.putInt(bytes, bytes.length - Integer.BYTES, (int) crc.getValue());
  }
}
