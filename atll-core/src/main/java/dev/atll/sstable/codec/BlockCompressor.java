package dev.atll.sstable.codec;

import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/** Compresses blocks with one codec, re-using its tables. Not thread-safe; close it. */
public final class BlockCompressor implements AutoCloseable {
  private final @Nullable Lz4 lz4;
  private final @Nullable Deflater deflater;

  /** Creates one for a codec. */
  public BlockCompressor(Codec codec) {
    lz4 = codec == Codec.LZ4 ? new Lz4() : null;
    deflater = codec == Codec.DEFLATE ? new Deflater(Deflater.BEST_SPEED, true) : null;
  }

  /**
   * Compresses.
   *
   * @return the compressed length, or -1 if that is more than {@code limit} or the codec is NONE
   */
  public int compress(byte[] source, int offset, int length, byte[] target, int at, int limit) {
    if (lz4 != null) {
      return lz4.compress(source, offset, length, target, at, limit);
    }
    if (deflater != null) {
      deflater.reset();
      deflater.setInput(source, offset, length);
      deflater.finish();
      int written = deflater.deflate(target, at, limit);
      return deflater.finished() ? written : -1;
    }
    return -1;
  }

  @Override
  public void close() {
    if (deflater != null) {
      deflater.end();
    }
  }
}
