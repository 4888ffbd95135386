package dev.atll.memtable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.base.EntryCursor;
import dev.atll.base.Keys;
import dev.atll.base.Lookup;
import dev.atll.base.ValueKind;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class MemtableTest {
  private static final long SEED = Long.getLong("seed", 20260101);

  @Test
  void agreesWithSortedMapOnSeededHistories() {
    for (long seed = SEED; seed < SEED + 60; seed++) {
      try {
        history(seed);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("replay with -Dseed=" + seed, e);
      }
    }
  }

  private static void history(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    KeyShape shape = KeyShape.values()[random.nextInt(KeyShape.values().length)];
    MemtableModel model = new MemtableModel();
    Memtable table = new Memtable(seed, seed);
    model.checkScans(table);
    int batches = random.nextInt(1, 600);
    long revision = random.nextLong(0, 1L << 40);
    byte[] key = shape.next(random, 0);
    for (int i = 0; i < batches; i++) {
      revision += random.nextInt(1, 3);
      for (int entries = random.nextInt(1, 5); entries > 0; entries--) {
        if (random.nextInt(4) != 0) { // else the same key again: a replacement or a new version
          key = shape.next(random, i);
        }
        boolean delete = random.nextInt(5) == 0;
        byte[] value = new byte[delete ? 0 : random.nextInt(random.nextInt(40) == 0 ? 90_000 : 50)];
        random.nextBytes(value);
        model.put(table, revision, delete ? ValueKind.DELETE : ValueKind.PUT, key, value);
      }
    }
    model.checkCounts(table);
    model.checkScans(table);
    for (int i = 0; i < 200; i++) {
      byte[] probe = shape.next(random, random.nextInt(batches));
      long at = random.nextInt(4) == 0 ? Long.MAX_VALUE : revision - random.nextInt(batches);
      model.checkGet(table, probe, at);
      model.checkSeeks(table, probe, at);
    }
    model.checkView(table, Long.MAX_VALUE - 1, random);
    for (int i = 0; i < 5; i++) {
      model.checkView(table, revision - random.nextInt(2 * batches), random);
    }
    for (MemtableModel.Version version : model.map.keySet()) {
      model.checkGet(table, version.key(), version.revision());
      model.checkGet(table, version.key(), version.revision() - 1);
    }
  }

  /** Families of keys, each aimed at another branch of the comparison. */
  enum KeyShape {
    ASCENDING,
    DESCENDING,
    UNIFORM_16,
    /** Zero bytes and length differences: where padding and prefixes could be confused. */
    ZEROES,
    /** Differ only after 16 bytes. */
    LONG_PREFIX,
    TWO_STREAMS,
    ANY;

    byte[] next(SplittableRandom random, int i) {
      return switch (this) {
        case ASCENDING -> ByteBuffer.allocate(8).putLong(i).array();
        case DESCENDING -> ByteBuffer.allocate(8).putLong(-1L - i).array();
        case UNIFORM_16 -> bytes(random, 16, 256);
        case ZEROES -> bytes(random, random.nextInt(20), 2);
        case LONG_PREFIX -> {
          byte[] key = new byte[16 + random.nextInt(6)];
          for (int at = 15; at < key.length; at++) {
            key[at] = (byte) random.nextInt(3);
          }
          yield key;
        }
        case TWO_STREAMS -> ByteBuffer.allocate(12).putInt(i & 1).putLong(i).array();
        case ANY -> bytes(random, random.nextInt(30), 1 + random.nextInt(256));
      };
    }

    private static byte[] bytes(SplittableRandom random, int length, int alphabet) {
      byte[] key = new byte[length];
      for (int at = 0; at < length; at++) {
        key[at] = (byte) (random.nextInt(alphabet) * (256 / alphabet));
      }
      return key;
    }
  }

  @Test
  void oversizedValuesAndManyChunks() {
    MemtableModel model = new MemtableModel();
    Memtable table = new Memtable(1, 1);
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < 300; i++) {
      byte[] value = new byte[i % 50 == 0 ? 700_000 : random.nextInt(30_000)];
      random.nextBytes(value);
      model.put(table, i, ValueKind.PUT, KeyShape.UNIFORM_16.next(random, i), value);
    }
    model.checkScans(table);
    model.checkCounts(table);
    long payload =
        model.map.values().stream().mapToLong(c -> c.value().length + 16L).sum();
    assertTrue(table.bytes() > payload);
    assertTrue(table.bytes() < payload + 300 * (64 + 32) + 4096, "bytes " + table.bytes());
  }

  @Test
  void replacementCountsOnceAndMovesTombstones() {
    MemtableModel model = new MemtableModel();
    Memtable table = new Memtable(1, 1);
    byte[] key = {1, 2};
    model.put(table, 5, ValueKind.PUT, key, new byte[] {9});
    model.put(table, 5, ValueKind.DELETE, key, Keys.EMPTY);
    model.checkCounts(table);
    model.put(table, 5, ValueKind.PUT, key, new byte[] {8, 8});
    model.checkCounts(table);
    model.checkScans(table);
    assertEquals(1, table.entries());
  }

  @Test
  void aHotKeyIsFoundAtEveryRevision() {
    MemtableModel model = new MemtableModel();
    Memtable table = new Memtable(1, 1);
    byte[] key = {7};
    for (int i = 100; i < 400; i += 2) {
      model.put(table, i, ValueKind.PUT, key, new byte[] {(byte) i});
    }
    // Older than all, and between: the index keeps leading to the newest.
    model.put(table, 50, ValueKind.DELETE, key, Keys.EMPTY);
    model.put(table, 201, ValueKind.PUT, key, new byte[] {9});
    SplittableRandom random = new SplittableRandom(SEED);
    for (long revision = 0; revision < 410; revision++) {
      model.checkGet(table, key, revision);
      model.checkView(table, revision, random);
    }
    model.checkScans(table);
  }

  @Test
  void aViewPassesAKeyOfManyVersionsInOneStep() {
    int versions = 300_000;
    Memtable table = new Memtable(1, 1);
    for (int k = 0; k < 100; k++) {
      for (int v = k == 50 ? versions : 1; v > 0; v--) {
        table.put(versions - v, ValueKind.PUT, new byte[] {(byte) k}, 0, 1, Keys.EMPTY, 0, 0);
      }
    }
    for (long revision : new long[] {0, 1, versions / 3, versions - 2, Long.MAX_VALUE - 1}) {
      try (EntryCursor view = table.view(revision)) {
        int keys = 0;
        for (boolean on = view.seekToFirst(); on; on = view.next()) {
          keys++;
        }
        for (boolean on = view.seekToLast(); on; on = view.previous()) {
          keys--;
        }
        assertEquals(0, keys);
        assertTrue(view.passed() <= 200, "passed " + view.passed());
      }
    }
    // Deep in the chain: found by jumps, and each version from the last one, both ways.
    try (EntryCursor cursor = table.cursor()) {
      assertTrue(cursor.seek(new byte[] {50}, 0, 1, 1_000));
      for (int r = 1_000; r > 900; r--) {
        assertEquals(r, cursor.revision());
        assertTrue(cursor.next());
      }
      for (int r = 901; r < 1_000; r++) {
        assertTrue(cursor.previous());
        assertEquals(r, cursor.revision());
      }
    }
  }

  @Test
  void keysWithOneHashAreToldApart() {
    // The lookup carries the hash, so forge one; put computes its own.
    Memtable table = filled(5);
    Lookup lookup = new Lookup();
    byte[] present = firstKey(table);
    lookup.ask(present, 0, present.length, Long.MAX_VALUE);
    long hash = lookup.hash;
    table.get(lookup);
    assertEquals(Lookup.Answer.FOUND, lookup.answer);
    byte[] other = present.clone();
    other[15] ^= 1;
    lookup.ask(other, 0, other.length, Long.MAX_VALUE);
    lookup.hash = hash;
    table.get(lookup);
    assertEquals(Lookup.Answer.UNKNOWN, lookup.answer);
  }

  private static byte[] firstKey(Memtable table) {
    try (EntryCursor cursor = table.cursor()) {
      assertTrue(cursor.seekToFirst());
      return java.util.Arrays.copyOfRange(
          cursor.keyArray(), cursor.keyOffset(), cursor.keyOffset() + cursor.keyLength());
    }
  }

  @Test
  void sameSeedBuildsTheSameStructure() {
    Memtable a = filled(3);
    Memtable b = filled(3);
    Memtable c = filled(4);
    assertEquals(a.bytes(), b.bytes());
    assertFalse(a.bytes() == c.bytes(), "another seed, the same tower heights");
  }

  private static Memtable filled(long seed) {
    Memtable table = new Memtable(1, seed);
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 2_000; i++) {
      table.put(i, ValueKind.PUT, KeyShape.UNIFORM_16.next(random, i), 0, 16, Keys.EMPTY, 0, 0);
    }
    return table;
  }

  @Test
  void lookupOfAnAbsentKeyLeavesTheAnswerAlone() {
    Memtable table = filled(1);
    Lookup lookup = new Lookup();
    lookup.ask(new byte[] {1}, 0, 1, Long.MAX_VALUE);
    table.get(lookup);
    assertEquals(Lookup.Answer.UNKNOWN, lookup.answer);
    try (EntryCursor cursor = table.cursor()) {
      assertTrue(cursor.seekToFirst());
      cursor.close();
      assertFalse(cursor.isValid());
    }
  }
}
