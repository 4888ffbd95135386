package dev.atll.record;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.env.FileIn;
import dev.atll.env.FileOut;
import dev.atll.env.OpKind;
import dev.atll.env.OutOfSpaceException;
import dev.atll.env.Storage;
import dev.atll.env.sim.SimEnv;
import dev.atll.record.RecordReader.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class RecordFileTest {
  private static final long SEED = Long.getLong("seed", 4711);
  private static final Path DIRECTORY = Path.of("/store");
  private static final long NUMBER = 42;

  private final SimEnv env = new SimEnv(SEED);
  private int files;

  record Written(int type, byte[] payload, long offset) {}

  private Storage storage() throws IOException {
    return env.files().open(DIRECTORY, true);
  }

  private FileIn planted(byte[] content) throws IOException {
    Storage storage = storage();
    String name = "f" + files++;
    env.files().plant(DIRECTORY.resolve(name), content);
    return storage.open(name);
  }

  private byte[] written(long number, List<Written> records) throws IOException {
    Storage storage = storage();
    String name = "w" + files++;
    try (FileOut out = storage.create(name)) {
      RecordWriter writer = new RecordWriter(out, number);
      for (Written record : records) {
        writer.begin(record.type);
        // In parts, some of them large, from the middle of an array.
        int cut = record.payload.length / 3;
        byte[] shifted = new byte[record.payload.length + 3];
        System.arraycopy(record.payload, 0, shifted, 2, record.payload.length);
        if (cut > 0) {
          writer.putByte(shifted[2]);
          writer.put(shifted, 3, cut - 1);
        }
        writer.put(shifted, 2 + cut, record.payload.length - cut);
        assertEquals(record.offset, writer.end());
      }
      assertEquals(out.length(), writer.length());
    }
    return env.files().read(DIRECTORY.resolve(name));
  }

  private static List<Written> records(SplittableRandom random, int count, int lengthMax) {
    List<Written> records = new ArrayList<>();
    long offset = 0;
    for (int i = 0; i < count; i++) {
      byte[] payload = new byte[random.nextInt(lengthMax)];
      random.nextBytes(payload);
      records.add(new Written(1 + random.nextInt(255), payload, offset));
      offset += RecordFormat.HEADER_BYTES + payload.length;
    }
    return records;
  }

  private static void check(Written want, RecordReader reader) {
    assertEquals(want.offset, reader.offset());
    assertEquals(want.type, reader.type());
    assertArrayEquals(
        want.payload,
        Arrays.copyOfRange(
            reader.payload(),
            reader.payloadOffset(),
            reader.payloadOffset() + reader.payloadLength()));
  }

  private static int checkPrefix(List<Written> records, RecordReader reader) throws IOException {
    int count = 0;
    while (reader.next() == Outcome.RECORD) {
      check(records.get(count++), reader);
    }
    return count;
  }

  @Test
  void roundTripOfSmallAndLargeRecords() throws IOException {
    SplittableRandom random = new SplittableRandom(SEED);
    for (int lengthMax : new int[] {1, 20, 3_000, 400_000, 3_000_000}) {
      List<Written> records = records(random, 12, lengthMax);
      byte[] content = written(NUMBER, records);
      RecordReader reader = new RecordReader(planted(content), NUMBER, content.length);
      assertEquals(records.size(), checkPrefix(records, reader));
      assertEquals(Outcome.END, reader.next());
      assertEquals(content.length, reader.offset());
    }
  }

  @Test
  void everyPrefixOfAFileGivesWholeRecords() throws IOException {
    List<Written> records = records(new SplittableRandom(SEED), 9, 40);
    byte[] content = written(NUMBER, records);
    for (int length = 0; length <= content.length; length++) {
      FileIn in = planted(Arrays.copyOf(content, length));
      RecordReader reader = new RecordReader(in, NUMBER, length);
      int whole = checkPrefix(records, reader);
      boolean atBoundary = whole == records.size() || records.get(whole).offset == length;
      assertEquals(atBoundary ? Outcome.END : Outcome.BAD, reader.next(), "length " + length);
      assertEquals(
          whole == records.size() ? content.length : records.get(whole).offset, reader.offset());
      // The same bytes behind a limit.
      reader = new RecordReader(planted(content), NUMBER, length);
      assertEquals(whole, checkPrefix(records, reader));
      // Grown by zeros, as after a crash.
      byte[] grown = Arrays.copyOf(Arrays.copyOf(content, length), length + 100);
      reader = new RecordReader(planted(grown), NUMBER, grown.length);
      assertEquals(whole, checkPrefix(records, reader), "grown after " + length);
      assertEquals(Outcome.BAD, reader.next());
      assertFalse(reader.resync());
    }
  }

  @Test
  void everyDamagedByteIsFoundAndTheRecordsBehindItToo() throws IOException {
    List<Written> records = records(new SplittableRandom(SEED), 8, 40);
    byte[] content = written(NUMBER, records);
    for (int at = 0; at < content.length; at++) {
      for (int damage : new int[] {content[at] ^ 0x10, 0, 0xFF}) {
        if ((byte) damage == content[at]) {
          continue;
        }
        byte[] damaged = content.clone();
        damaged[at] = (byte) damage;
        RecordReader reader = new RecordReader(planted(damaged), NUMBER, content.length);
        int before = checkPrefix(records, reader);
        assertEquals(Outcome.BAD, reader.next());
        assertTrue(records.get(before).offset <= at);
        boolean isLast = before + 1 == records.size();
        assertTrue(isLast || at < records.get(before + 1).offset);
        assertEquals(!isLast, reader.resync(), "byte " + at);
        assertEquals(
            records.size() - before - 1,
            checkPrefix(records.subList(before + 1, records.size()), reader));
      }
    }
  }

  @Test
  void bytesOfAnotherFileOrPlaceAreRefused() throws IOException {
    List<Written> records = records(new SplittableRandom(SEED), 3, 40);
    byte[] content = written(NUMBER, records);
    RecordReader other = new RecordReader(planted(content), NUMBER + 1, content.length);
    assertEquals(Outcome.BAD, other.next());
    assertFalse(other.resync());
    byte[] shifted = new byte[content.length + 8];
    System.arraycopy(content, 0, shifted, 8, content.length);
    RecordReader moved = new RecordReader(planted(shifted), NUMBER, shifted.length);
    assertEquals(Outcome.BAD, moved.next());
    assertFalse(moved.resync());
  }

  @Test
  void searchThroughForgedHeadersIsGivenUp() throws IOException {
    int length = 400_000;
    byte[] forged = new byte[length];
    RecordFormat.Checksum checksum = new RecordFormat.Checksum(NUMBER);
    for (int at = 1; at + 12 <= length; at += 12) {
      int payload = length - at - RecordFormat.HEADER_BYTES;
      RecordFormat.putHeader(forged, at, 0, payload, 7, checksum.begin(at, payload, 7));
    }
    RecordReader reader = new RecordReader(planted(forged), NUMBER, length);
    assertEquals(Outcome.BAD, reader.next());
    assertThrows(IOException.class, reader::resync);
    assertTrue(env.files().operations(OpKind.READ) < 1_000);
  }

  @Test
  void nothingIsAppendedBehindAFailedAppend() throws IOException {
    Storage storage = storage();
    env.files().setCapacity(100);
    try (FileOut out = storage.create("full")) {
      RecordWriter writer = new RecordWriter(out, NUMBER);
      writer.begin(1);
      writer.put(new byte[50], 0, 50);
      writer.end();
      writer.begin(1);
      writer.put(new byte[60], 0, 60);
      assertThrows(OutOfSpaceException.class, writer::end);
      env.files().setCapacity(1_000);
      writer.begin(1);
      assertThrows(IOException.class, writer::end);
      assertEquals(62, writer.length());
      assertEquals(100, out.length());
    }
  }

  @Test
  void varintsAgreeWithTheirLengthAndRefuseOverlongForms() {
    SplittableRandom random = new SplittableRandom(SEED);
    byte[] bytes = new byte[Varint.LONG_BYTES_MAX + 1];
    for (int i = 0; i < 10_000; i++) {
      long number = random.nextLong() >>> random.nextInt(64);
      int end = Varint.put(bytes, 1, number);
      assertEquals(Varint.length(number), end - 1);
      assertEquals(end, Varint.end(bytes, 1, end));
      assertEquals(-1, Varint.end(bytes, 1, end - 1));
      assertEquals(number, Varint.get(bytes, 1, end));
    }
    Arrays.fill(bytes, (byte) 0xFF);
    assertEquals(-1, Varint.end(bytes, 0, bytes.length));
    bytes[9] = 2;
    assertEquals(-1, Varint.end(bytes, 0, bytes.length));
    bytes[9] = 1;
    assertEquals(10, Varint.end(bytes, 0, bytes.length));
  }
}
