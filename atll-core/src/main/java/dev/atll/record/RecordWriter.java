package dev.atll.record;

import dev.atll.env.FileOut;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Appends records to a new file. A record is built from parts: {@link #begin}, any number of {@code
 * put}s, then {@link #end}, which fixes the checksum and appends. Small parts are gathered in one
 * re-used buffer, so that a record costs one call of the system; large ones are not copied.
 *
 * <p>Not thread-safe. After a failed append the file holds an unknown part of the record; nothing
 * may be appended behind it, and every later {@link #end} throws.
 */
public final class RecordWriter {
  /** Parts from this size on are written from the caller's array. */
  private static final int COPY_BYTES_MAX = 64 << 10;

  /** What the buffer may keep between records. */
  private static final int KEPT_BYTES_MAX = 1 << 20;

  private record Part(byte[] bytes, int offset, int length) {}

  private final FileOut out;
  private final RecordFormat.Checksum checksum;
  private final List<Part> parts = new ArrayList<>();
  private byte[] buffer = new byte[4 << 10];
  private int used;
  private int partStart;
  private long payloadBytes;
  private int type;
  private long offset;
  private boolean failed;

  /**
   * Writes to an empty file.
   *
   * @param fileNumber goes into every checksum; a reader must know it
   */
  public RecordWriter(FileOut out, long fileNumber) {
    this.out = out;
    this.checksum = new RecordFormat.Checksum(fileNumber);
    assert out.length() == 0;
  }

  /** Starts a record, dropping one that was not ended. */
  public void begin(int recordType) {
    assert recordType >= 1 && recordType <= 0xFF : recordType;
    type = recordType;
    parts.clear();
    if (buffer.length > KEPT_BYTES_MAX) {
      buffer = new byte[KEPT_BYTES_MAX];
    }
    used = RecordFormat.HEADER_BYTES;
    partStart = used;
    payloadBytes = 0;
  }

  /** Adds one byte. */
  public void putByte(int number) {
    ensure(1);
    buffer[used++] = (byte) number;
    payloadBytes++;
  }

  /** Adds a number as {@link Varint}. */
  public void putVarint(long number) {
    ensure(Varint.LONG_BYTES_MAX);
    int end = Varint.put(buffer, used, number);
    payloadBytes += end - used;
    used = end;
  }

  /** Adds eight bytes, least significant first. */
  public void putLong(long number) {
    ensure(Long.BYTES);
    for (int i = 0; i < Long.BYTES; i++) {
      buffer[used++] = (byte) (number >>> (8 * i));
    }
    payloadBytes += Long.BYTES;
  }

  /** Adds bytes, which must stay as they are until the record ends. */
  public void put(byte[] bytes, int from, int length) {
    if (length >= COPY_BYTES_MAX) {
      closeBufferedPart();
      parts.add(new Part(bytes, from, length));
    } else {
      ensure(length);
      System.arraycopy(bytes, from, buffer, used, length);
      used += length;
    }
    payloadBytes += length;
  }

  private void ensure(int more) {
    int needed = Math.addExact(used, more);
    if (needed > buffer.length) {
      // Parts refer to the old array, whose bytes stay right: they are never written again.
      buffer = Arrays.copyOf(buffer, Math.max(needed, buffer.length * 2));
    }
  }

  private void closeBufferedPart() {
    if (used > partStart) {
      parts.add(new Part(buffer, partStart, used - partStart));
      partStart = used;
    }
  }

  /**
   * Appends the record to the file.
   *
   * @return the offset at which it begins
   * @throws IOException if the file could not take all of it, or an earlier append failed
   */
  public long end() throws IOException {
    if (failed) {
      throw new IOException("an earlier append to this file failed");
    }
    if (payloadBytes > RecordFormat.PAYLOAD_BYTES_MAX) {
      throw new IllegalArgumentException("record of " + payloadBytes + " bytes");
    }
    int length = (int) payloadBytes;
    int headerCheck = checksum.begin(offset, length, type);
    boolean one = parts.isEmpty();
    if (one) {
      checksum.update(buffer, RecordFormat.HEADER_BYTES, used - RecordFormat.HEADER_BYTES);
    } else {
      closeBufferedPart();
      for (Part part : parts) {
        checksum.update(part.bytes, part.offset, part.length);
      }
    }
    RecordFormat.putHeader(buffer, 0, checksum.end(), length, type, headerCheck);
    failed = true; // until all is written
    if (one) {
      out.append(buffer, 0, used);
    } else {
      out.append(buffer, 0, RecordFormat.HEADER_BYTES);
      for (Part part : parts) {
        out.append(part.bytes, part.offset, part.length);
      }
      parts.clear(); // lets go of the caller's arrays
    }
    failed = false;
    long began = offset;
    offset += RecordFormat.HEADER_BYTES + length;
    return began;
  }

  /** Bytes of complete records in the file; where the next one will begin. */
  public long length() {
    return offset;
  }
}
