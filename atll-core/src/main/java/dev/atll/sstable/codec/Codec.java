package dev.atll.sstable.codec;

import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * How the payload of a block is compressed. The number of each is part of the table format. The
 * codec is asked for by the options and noted block by block, since a block that does not shrink is
 * stored as it is.
 */
public enum Codec {
  /** As it is, read in place. */
  NONE(0, 1),
  /** DEFLATE of the JDK: small, slow. */
  DEFLATE(1, 1032),
  /** LZ4's block format: larger, several times faster. */
  LZ4(2, Lz4.RATIO_MAX);

  private final int number;
  private final int ratioMax;

  Codec(int number, int ratioMax) {
    this.number = number;
    this.ratioMax = ratioMax;
  }

  /** The number of this codec in a file. */
  public int number() {
    return number;
  }

  /** The codec of a number in a file, or null if this version knows none. */
  public static @Nullable Codec ofNumber(int number) {
    return switch (number) {
      case 0 -> NONE;
      case 1 -> DEFLATE;
      case 2 -> LZ4;
      default -> null;
    };
  }

  /**
   * Whether so many compressed bytes can stand for so many. Asked before memory is taken, so that a
   * hostile file gets no more of it than its own size warrants.
   */
  public boolean canExpandTo(int compressedBytes, int bytes) {
    return bytes >= 0 && bytes <= (long) ratioMax * compressedBytes + 64;
  }

  /**
   * Decompresses exactly {@code targetLength} bytes.
   *
   * @return false if the source is not the compressed form of so many bytes
   */
  public boolean decompress(
      byte[] source, int offset, int length, byte[] target, int at, int targetLength) {
    return switch (this) {
      case NONE -> false;
      case LZ4 -> Lz4.decompress(source, offset, length, target, at, targetLength);
      case DEFLATE -> {
        Inflater inflater = new Inflater(true);
        try {
          inflater.setInput(source, offset, length);
          int done = inflater.inflate(target, at, targetLength);
          yield done == targetLength
              && (inflater.finished() || inflater.inflate(new byte[1]) == 0 && inflater.finished())
              && inflater.getRemaining() == 0;
        } catch (DataFormatException e) {
          yield false;
        } finally {
          inflater.end();
        }
      }
    };
  }
}
