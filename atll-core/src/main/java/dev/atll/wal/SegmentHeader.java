package dev.atll.wal;

import dev.atll.api.CorruptionException;
import dev.atll.api.UnsupportedFormatException;
import dev.atll.record.RecordWriter;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Locale;

/**
 * What a segment says about itself and the one before it: nine little-endian u64.
 *
 * @param storeId of the store it belongs to
 * @param segment its number
 * @param previousSegment number of the segment it continues; 0 for none
 * @param previousLength bytes of that segment that count; what follows them was given up
 * @param previousLastRevision last revision before this segment; 0 for none
 * @param durableRevision highest revision known to be on disk when this was written
 */
record SegmentHeader(
    long storeId,
    long segment,
    long previousSegment,
    long previousLength,
    long previousLastRevision,
    long durableRevision) {
  static final int PAYLOAD_BYTES = 9 * Long.BYTES;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  void write(RecordWriter writer) throws IOException {
    writer.begin(WalFormat.HEADER);
    writer.putLong(WalFormat.MAGIC);
    writer.putLong(WalFormat.VERSION);
    writer.putLong(0); // feature flags
    writer.putLong(storeId);
    writer.putLong(segment);
    writer.putLong(previousSegment);
    writer.putLong(previousLength);
    writer.putLong(previousLastRevision);
    writer.putLong(durableRevision);
    writer.end();
  }

  static SegmentHeader read(String file, byte[] payload, int offset, int length) {
    if (length < PAYLOAD_BYTES || (long) LONG.get(payload, offset) != WalFormat.MAGIC) {
      throw new CorruptionException(file, 0, "no log segment header");
    }
    long version = (long) LONG.get(payload, offset + 8);
    long features = (long) LONG.get(payload, offset + 16);
    if (version != WalFormat.VERSION || (features & ~WalFormat.KNOWN_FEATURES) != 0) {
      throw new UnsupportedFormatException(
          String.format(
              Locale.ROOT,
              "log segment %s has format version %d and features 0x%x; this release reads version %d",
              file, version, features, WalFormat.VERSION));
    }
    return new SegmentHeader(
        (long) LONG.get(payload, offset + 24),
        (long) LONG.get(payload, offset + 32),
        (long) LONG.get(payload, offset + 40),
        (long) LONG.get(payload, offset + 48),
        (long) LONG.get(payload, offset + 56),
        (long) LONG.get(payload, offset + 64));
  }
}
