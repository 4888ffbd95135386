package dev.atll.sstable;

import dev.atll.sstable.block.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
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

  private static TableImage image(byte[] bytes, long fileNumber, String name) {
    try {
      return new TableImage(new HeapFile.In(bytes), true, fileNumber, name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Offset and payload length of every frame, data blocks first. */
  static List<long[]> frames(byte[] bytes, long fileNumber, String name) {
    TableImage image = image(bytes, fileNumber, name);
    List<long[]> frames = new ArrayList<>();
    List<long[]> sections = new ArrayList<>();
    for (TableImage.Sections s : image.sections) {
      Partition partition = new Partition(image, s);
      for (int b = 0; b < partition.blocks; b++) {
        frames.add(
            new long[] {
              partition.position(b) & Partition.OFFSET, partition.payloadLength(b)
            });
      }
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
