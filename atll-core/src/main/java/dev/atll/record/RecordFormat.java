package dev.atll.record;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * Layout of a record, numbers little-endian:
 *
 * <pre>
 *   0  u32  crc          crc32c of file number u64, offset u64, length u32, type u8, payload
 *   4  u32  length       of the payload in bytes
 *   8  u8   type         1..255; 0 is never written, so zeros are no record
 *   9  u24  headerCheck  low 24 bits of the same crc before the payload was added
 *  12       payload
 * </pre>
 *
 * The file number and the record's offset are part of the checksum, so bytes of another file or
 * from another place are refused. The header check makes a length trustworthy before it is used:
 * a search for the next good record need not read a payload at each byte.
 */
public final class RecordFormat {
  /** Bytes before the payload. */
  public static final int HEADER_BYTES = 12;

  /** The longest payload: what one array can hold, with room to spare. */
  public static final int PAYLOAD_BYTES_MAX = Integer.MAX_VALUE - 64;

  static final int LENGTH_AT = 4;
  static final int TYPE_AT = 8;
  private static final int SEED_BYTES = 21;
  private static final int HEADER_CHECK_MASK = 0xFF_FFFF;

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private RecordFormat() {}

  /** Computes the two checks of one record; re-used, one thread at a time. */
  static final class Checksum {
    private final CRC32C crc = new CRC32C();
    private final byte[] seed = new byte[SEED_BYTES];

    Checksum(long fileNumber) {
      LONG.set(seed, 0, fileNumber);
    }

    /** Starts a record and returns its header check. */
    int begin(long offset, int length, int type) {
      LONG.set(seed, 8, offset);
      INT.set(seed, 16, length);
      seed[20] = (byte) type;
      crc.reset();
      crc.update(seed, 0, SEED_BYTES);
      return (int) crc.getValue() & HEADER_CHECK_MASK;
    }

    void update(byte[] bytes, int offset, int length) {
      crc.update(bytes, offset, length);
    }

    int end() {
      return (int) crc.getValue();
    }
  }

  static void putHeader(byte[] to, int at, int crc, int length, int type, int headerCheck) {
    INT.set(to, at, crc);
    INT.set(to, at + LENGTH_AT, length);
    INT.set(to, at + TYPE_AT, type | headerCheck << 8);
  }

  static int crc(byte[] from, int at) {
    return (int) INT.get(from, at);
  }

  static int length(byte[] from, int at) {
    return (int) INT.get(from, at + LENGTH_AT);
  }

  static int type(byte[] from, int at) {
    return from[at + TYPE_AT] & 0xFF;
  }

  static int headerCheck(byte[] from, int at) {
    return (int) INT.get(from, at + TYPE_AT) >>> 8;
  }
}
