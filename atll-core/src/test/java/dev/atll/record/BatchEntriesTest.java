package dev.atll.record;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.api.WriteBatch;
import dev.atll.base.ValueKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class BatchEntriesTest {
  private static final long SEED = Long.getLong("seed", 99);

  private record Change(int kind, byte[] key, byte[] value) {}

  @Test
  void readsWhatWriteBatchEncodes() {
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < 300; i++) {
      WriteBatch batch = new WriteBatch();
      List<Change> changes = new ArrayList<>();
      for (int n = random.nextInt(6); n > 0; n--) {
        byte[] key = new byte[random.nextInt(random.nextInt(10) == 0 ? 20_000 : 140)];
        random.nextBytes(key);
        if (random.nextBoolean()) {
          byte[] value = new byte[random.nextInt(300)];
          random.nextBytes(value);
          batch.put(key, value);
          changes.add(new Change(ValueKind.PUT, key, value));
        } else {
          batch.delete(key);
          changes.add(new Change(ValueKind.DELETE, key, new byte[0]));
        }
      }
      byte[] shifted = new byte[batch.encodedLength() + 9];
      System.arraycopy(batch.encoded(), 0, shifted, 4, batch.encodedLength());
      assertNull(BatchEntries.problem(shifted, 4, batch.encodedLength()));
      BatchEntries entries = new BatchEntries();
      entries.reset(shifted, 4, batch.encodedLength());
      for (Change change : changes) {
        assertTrue(entries.next());
        assertEquals(change.kind, entries.kind());
        assertArrayEquals(change.key, range(entries.array(), entries.keyOffset(), entries.keyLength()));
        assertArrayEquals(
            change.value, range(entries.array(), entries.valueOffset(), entries.valueLength()));
      }
      assertFalse(entries.next());
    }
  }

  @Test
  void hostileBytesAreRefusedOrHarmless() {
    SplittableRandom random = new SplittableRandom(SEED);
    BatchEntries entries = new BatchEntries();
    int refused = 0;
    for (int i = 0; i < 100_000; i++) {
      byte[] bytes = new byte[random.nextInt(24)];
      for (int at = 0; at < bytes.length; at++) {
        bytes[at] = (byte) (random.nextInt(3) == 0 ? random.nextInt(256) : random.nextInt(4));
      }
      if (BatchEntries.problem(bytes, 0, bytes.length) != null) {
        refused++;
        continue;
      }
      entries.reset(bytes, 0, bytes.length);
      int end = 0;
      while (entries.next()) {
        assertTrue(entries.keyOffset() > end && entries.keyLength() >= 0);
        end = entries.valueOffset() + entries.valueLength();
      }
      assertEquals(bytes.length, end);
    }
    assertTrue(refused > 1_000 && refused < 99_000, "refused " + refused);
  }

  @Test
  void unknownKindsAreRefused() {
    assertNotNull(BatchEntries.problem(new byte[] {ValueKind.HIGHEST_KNOWN + 1, 0, 0}, 0, 3));
    assertNull(BatchEntries.problem(new byte[] {ValueKind.HIGHEST_KNOWN, 0, 0}, 0, 3));
  }

  private static byte[] range(byte[] array, int offset, int length) {
    return Arrays.copyOfRange(array, offset, offset + length);
  }
}
