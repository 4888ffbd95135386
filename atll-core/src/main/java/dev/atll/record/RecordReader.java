package dev.atll.record;

import dev.atll.env.FileIn;
import java.io.IOException;

/**
 * Reads the records of a file in order and stops at the first one that is not whole. Never trusts a
 * length before its check, never allocates for an unverified record, never reads past the limit.
 *
 * <p>What a bad record means is for the caller to say: a tail torn by a crash and damage look the
 * same here. {@link #resync} searches on for records behind it, whose content may tell.
 *
 * <p>Not thread-safe.
 */
public final class RecordReader {
  /** What {@link #next} found. */
  public enum Outcome {
    /** A record; the accessors describe it. */
    RECORD,
    /** The limit, directly behind the last record. */
    END,
    /** Bytes that are no whole record, at {@link #offset}. */
    BAD
  }

  private static final int WINDOW_BYTES = 128 << 10;

  /** A search may checksum this many times the bytes it searches; only forged files need more. */
  private static final int SCAN_EFFORT_MAX = 8;

  private final FileIn in;
  private final long limit;
  private final RecordFormat.Checksum checksum;
  private byte[] window;
  private long windowStart;
  private int windowLength;
  private long next;

  private long offset;
  private int type;
  private byte[] payload;
  private int payloadOffset;
  private int payloadLength;

  /**
   * Reads from the start of a file.
   *
   * @param fileNumber as given to the writer
   * @param limit where to stop, as if the file ended there; at most its length
   */
  public RecordReader(FileIn in, long fileNumber, long limit) {
    if (limit < 0 || limit > in.length()) {
      throw new IllegalArgumentException("limit " + limit + " of " + in.length() + " bytes");
    }
    this.in = in;
    this.limit = limit;
    this.checksum = new RecordFormat.Checksum(fileNumber);
    this.window = new byte[(int) Math.min(WINDOW_BYTES, Math.max(limit, RecordFormat.HEADER_BYTES))];
    this.payload = window;
  }

  /** Goes to a record whose beginning is known. */
  public void position(long at) {
    if (at < 0 || at > limit) {
      throw new IllegalArgumentException("position " + at + " of " + limit);
    }
    next = at;
  }

  /**
   * Reads the next record. After {@code END} or {@code BAD} it stays there.
   *
   * @throws IOException if the file cannot be read; {@link #offset} is where the record begins
   */
  public Outcome next() throws IOException {
    offset = next;
    if (next == limit) {
      return Outcome.END;
    }
    if (!isHeaderAt(next)) {
      return Outcome.BAD;
    }
    int at = (int) (next - windowStart);
    int length = RecordFormat.length(window, at);
    int kind = RecordFormat.type(window, at);
    if (!isWhole(next, length, kind)) {
      return Outcome.BAD;
    }
    type = kind;
    payloadLength = length;
    next += RecordFormat.HEADER_BYTES + (long) length;
    return Outcome.RECORD;
  }

  /**
   * Searches for the next whole record after a bad one.
   *
   * @return whether there is one; then {@link #next} reads it
   * @throws IOException if the file cannot be read, or the search was given up since the bytes were
   *     made to exhaust it
   */
  public boolean resync() throws IOException {
    long effort = SCAN_EFFORT_MAX * (limit - next) + WINDOW_BYTES;
    for (long at = next + 1; at <= limit - RecordFormat.HEADER_BYTES; at++) {
      if (!isHeaderAt(at)) {
        continue;
      }
      int in0 = (int) (at - windowStart);
      int length = RecordFormat.length(window, in0);
      effort -= length;
      if (effort < 0) {
        throw new IOException("too many false record headers to search for whole records");
      }
      if (isWhole(at, length, RecordFormat.type(window, in0))) {
        next = at;
        return true;
      }
    }
    offset = limit;
    next = limit;
    return false;
  }

  /** Whether a header with a right check and a possible length begins here; loads the window. */
  private boolean isHeaderAt(long at) throws IOException {
    long room = limit - at - RecordFormat.HEADER_BYTES;
    if (room < 0) {
      return false;
    }
    load(at, RecordFormat.HEADER_BYTES);
    int index = (int) (at - windowStart);
    int length = RecordFormat.length(window, index);
    int kind = RecordFormat.type(window, index);
    return kind != 0
        && length >= 0
        && length <= room
        && length <= RecordFormat.PAYLOAD_BYTES_MAX
        && checksum.begin(at, length, kind) == RecordFormat.headerCheck(window, index);
  }

  /** Verifies the payload behind a good header and makes it available. */
  private boolean isWhole(long at, int length, int kind) throws IOException {
    int crc = RecordFormat.crc(window, (int) (at - windowStart));
    long start = at + RecordFormat.HEADER_BYTES;
    int bytes = RecordFormat.HEADER_BYTES + length;
    if (bytes >= 0 && bytes <= window.length) {
      load(at, bytes);
      payload = window;
      payloadOffset = (int) (start - windowStart);
      return crc == crcOf(at, length, kind, window, payloadOffset);
    }
    // Larger than the window: verify piece by piece first, and only then allocate.
    checksum.begin(at, length, kind);
    for (long from = start; from < start + length; ) {
      int piece = (int) Math.min(window.length, start + length - from);
      load(from, piece);
      checksum.update(window, (int) (from - windowStart), piece);
      from += piece;
    }
    if (crc != checksum.end()) {
      return false;
    }
    byte[] own = new byte[length];
    in.readFully(start, own, 0, length);
    payload = own;
    payloadOffset = 0;
    return crc == crcOf(at, length, kind, own, 0);
  }

  private int crcOf(long at, int length, int kind, byte[] bytes, int from) {
    checksum.begin(at, length, kind);
    checksum.update(bytes, from, length);
    return checksum.end();
  }

  private void load(long at, int length) throws IOException {
    if (at >= windowStart && at + length <= windowStart + windowLength) {
      return;
    }
    windowLength = 0; // nothing is known to be there should reading fail
    int bytes = (int) Math.min(window.length, limit - at);
    in.readFully(at, window, 0, bytes);
    windowStart = at;
    windowLength = bytes;
  }

  /** Where the record read last begins, or where {@link #next} stopped. */
  public long offset() {
    return offset;
  }

  /** Where the record after the one read last begins. */
  public long nextOffset() {
    return next;
  }

  /** Type of the record read last, 1 to 255. */
  public int type() {
    return type;
  }

  /** The array with the payload; valid until the next call. */
  public byte[] payload() {
    return payload;
  }

  /** Where the payload begins in {@link #payload}. */
  public int payloadOffset() {
    return payloadOffset;
  }

  /** Length of the payload in bytes. */
  public int payloadLength() {
    return payloadLength;
  }
}
