package dev.atll.record;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Changes the content of a file of records and signs it again, as an enemy would. */
public final class RecordForger {
  private RecordForger() {}

  /**
   * A changed copy in which all checksums are right.
   *
   * @param fileNumber the number the file is read under
   */
  public static byte[] forge(byte[] file, long fileNumber, RandomGenerator random) {
    List<Integer> records = new ArrayList<>();
    int at = 0;
    while (at + RecordFormat.HEADER_BYTES <= file.length) {
      int length = RecordFormat.length(file, at);
      if (length < 0 || length > file.length - at - RecordFormat.HEADER_BYTES) {
        break;
      }
      records.add(at);
      at += RecordFormat.HEADER_BYTES + length;
    }
    byte[] forged = file.clone();
    if (records.isEmpty()) {
      return forged;
    }
    RecordFormat.Checksum checksum = new RecordFormat.Checksum(fileNumber);
    for (int i = random.nextInt(2); i >= 0; i--) {
      int record = records.get(random.nextInt(records.size()));
      int length = RecordFormat.length(forged, record);
      int type = RecordFormat.type(forged, record);
      int from = record + RecordFormat.HEADER_BYTES;
      for (int change = random.nextInt(4); change >= 0 && length > 0; change--) {
        int place = from + random.nextInt(random.nextBoolean() ? length : Math.min(length, 12));
        forged[place] = hostile(forged[place], random);
      }
      if (random.nextInt(16) == 0) {
        type = 1 + random.nextInt(8);
      }
      int check = checksum.begin(record, length, type);
      checksum.update(forged, from, length);
      RecordFormat.putHeader(forged, record, checksum.end(), length, type, check);
    }
    return forged;
  }

  private static byte hostile(byte was, RandomGenerator random) {
    return switch (random.nextInt(5)) {
      case 0 -> (byte) 0xFF;
      case 1 -> 0;
      case 2 -> (byte) (was + random.nextInt(5) - 2);
      case 3 -> 0x7F;
      default -> (byte) random.nextInt(256);
    };
  }
}
