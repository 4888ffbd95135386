package dev.atll.sstable;

import dev.atll.sstable.block.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** Changes the content of a table and signs it again, as an enemy would. */
public final class TableForger {
  private TableForger() {}

  /** A changed copy in which all checksums are right. */
  public static byte[] forge(byte[] table, long fileNumber, String name, RandomGenerator random) {
    byte[] bytes = table.clone();
    List<long[]> frames = frames(bytes, fileNumber, name);
    boolean footer = random.nextInt(20) == 0;
    long[] frame =
        footer
            ? new long[] {bytes.length - TableFormat.FOOTER_BYTES, TableFormat.FOOTER_CHECKSUM}
            : frames.get(
                random.nextBoolean()
                    ? frames.size() - 1 - random.nextInt(Math.min(6, frames.size()))
                    : random.nextInt(frames.size()));
    for (int i = random.nextInt(4); i >= 0; i--) {
      int at = (int) frame[0] + random.nextInt((int) frame[1] + (footer ? 0 : 1));
      bytes[at] =
          switch (random.nextInt(5)) {
            case 0 -> (byte) 0xFF;
            case 1 -> 0;
            case 2 -> (byte) (bytes[at] + random.nextInt(5) - 2);
            case 3 -> 0x7F;
            default -> (byte) random.nextInt(256);
          };
    }
    if (footer) {
      resealFooter(bytes, fileNumber);
    } else {
      reseal(bytes, frame, fileNumber);
    }
    return bytes;
  }

  /**
   * A copy in which two blocks of one length have changed places, several times perhaps, so that
   * the entries are out of order between blocks; all checksums are right.
   */
  public static byte[] exchangeBlocks(
      byte[] table, long fileNumber, String name, RandomGenerator random) {
    byte[] bytes = table.clone();
    List<long[]> blocks = dataFrames(bytes, fileNumber, name);
    for (int i = random.nextInt(4); i >= 0; i--) {
      long[] one = blocks.get(random.nextInt(blocks.size()));
      List<long[]> alike = blocks.stream().filter(b -> b[1] == one[1]).toList();
      long[] other = alike.get(random.nextInt(alike.size()));
      // With the byte behind the payload, which says how it is stored.
      int length = (int) one[1] + 1;
      byte[] kept = Arrays.copyOfRange(bytes, (int) one[0], (int) one[0] + length);
      System.arraycopy(bytes, (int) other[0], bytes, (int) one[0], length);
      System.arraycopy(kept, 0, bytes, (int) other[0], length);
      reseal(bytes, one, fileNumber);
      reseal(bytes, other, fileNumber);
    }
    return bytes;
  }

  private static TableImage image(byte[] bytes, long fileNumber, String name) {
    try {
      return new TableImage(new HeapFile.In(bytes), true, fileNumber, name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<long[]> dataFrames(byte[] bytes, long fileNumber, String name) {
    TableImage image = image(bytes, fileNumber, name);
    List<long[]> frames = new ArrayList<>();
    for (TableImage.Sections s : image.sections) {
      Partition partition = new Partition(image, s);
      for (int b = 0; b < partition.blocks; b++) {
        frames.add(
            new long[] {
              partition.position(b) & Partition.OFFSET, partition.payloadLength(b)
            });
      }
    }
    return frames;
  }

  /** Offset and payload length of every frame, data blocks first. */
  static List<long[]> frames(byte[] bytes, long fileNumber, String name) {
    TableImage image = image(bytes, fileNumber, name);
    List<long[]> frames = dataFrames(bytes, fileNumber, name);
    List<long[]> sections = new ArrayList<>();
    for (TableImage.Sections s : image.sections) {
      if (s.filterLength() > 0) {
        sections.add(new long[] {s.filterOffset(), s.filterLength()});
      }
      sections.add(new long[] {s.indexOffset(), s.indexLength()});
    }
    int footer = bytes.length - TableFormat.FOOTER_BYTES;
    sections.add(
        new long[] {
          Bytes.getLong(bytes, footer + TableFormat.FOOTER_DIRECTORY_OFFSET),
          Bytes.getLong(bytes, footer + TableFormat.FOOTER_DIRECTORY_LENGTH)
        });
    sections.add(
        new long[] {
          Bytes.getLong(bytes, footer + TableFormat.FOOTER_PROPERTIES_OFFSET),
          Bytes.getLong(bytes, footer + TableFormat.FOOTER_PROPERTIES_LENGTH)
        });
    frames.addAll(sections);
    return frames;
  }

  static void reseal(byte[] bytes, long[] frame, long fileNumber) {
    int at = (int) frame[0];
    int length = (int) frame[1] + 1;
    Bytes.putInt(
        bytes, at + length, new TableFormat.Checksum().of(fileNumber, at, bytes, at, length));
  }

  static void resealFooter(byte[] bytes, long fileNumber) {
    int at = bytes.length - TableFormat.FOOTER_BYTES;
    int sum =
        new TableFormat.Checksum().of(fileNumber, at, bytes, at, TableFormat.FOOTER_CHECKSUM);
    Bytes.putInt(bytes, at + TableFormat.FOOTER_CHECKSUM, sum);
  }
}
