package dev.atll.blackbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.Atll;
import dev.atll.api.AtllDb;
import dev.atll.api.Cursor;
import dev.atll.api.Durability;
import dev.atll.api.KeyRange;
import dev.atll.api.Options;
import dev.atll.api.Reader;
import dev.atll.api.Snapshot;
import dev.atll.api.WriteBatch;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Scans over a key of 60,000 versions look at no more than a few of them, both ways. */
@Timeout(120)
final class HotKeyScanTest {
  private static final int KEYS = 200;
  private static final int VERSIONS = 60_000;
  private static final int HOT = 77;

  /** What a hot key may cost beyond its one step: searches, not versions. */
  private static final long ALLOWED = 16;

  @TempDir Path directory;

  @Test
  void versionsOfAKeyAreNotSteppedOver() {
    Options options =
        Options.builder()
            .durability(Durability.OS)
            .memtableBytes(64 << 20)
            .retainedRevisions(1L << 40)
            .build();
    try (AtllDb db = Atll.open(directory, options)) {
      for (int k = 0; k < KEYS; k++) {
        db.put(key(k), value(0));
      }
      try (Snapshot before = db.snapshot()) {
        long halfway = rewrite(db, 1, VERSIONS / 2);
        rewrite(db, VERSIONS / 2 + 1, VERSIONS);
        checkScans(db, VERSIONS);
        checkScans(before, 0);
        try (Snapshot middle = db.snapshotAt(halfway)) {
          checkScans(middle, VERSIONS / 2);
        }
        // All of them are kept in the table.
        db.flush();
        checkScans(db, VERSIONS);
        checkScans(before, 0);
        try (Snapshot middle = db.snapshotAt(halfway)) {
          checkScans(middle, VERSIONS / 2);
        }
      }
    }
  }

  private static long rewrite(AtllDb db, int from, int to) {
    WriteBatch batch = new WriteBatch();
    long revision = 0;
    for (int v = from; v <= to; v++) {
      batch.clear();
      batch.put(key(HOT), value(v));
      revision = db.write(batch);
    }
    return revision;
  }

  private static void checkScans(Reader reader, int hotVersion) {
    try (Cursor cursor = reader.cursor(KeyRange.all())) {
      for (int k = 0; k < KEYS; k++) {
        assertTrue(cursor.next());
        checkAt(cursor, k, hotVersion);
      }
      assertTrue(!cursor.next());
      assertTrue(cursor.skipped() <= ALLOWED, "forwards, passed " + cursor.skipped());
    }
    try (Cursor cursor = reader.cursor(KeyRange.all())) {
      for (int k = KEYS - 1; k >= 0; k--) {
        assertTrue(cursor.previous());
        checkAt(cursor, k, hotVersion);
      }
      assertTrue(!cursor.previous());
      assertTrue(cursor.skipped() <= ALLOWED, "backwards, passed " + cursor.skipped());
    }
  }

  private static void checkAt(Cursor cursor, int k, int hotVersion) {
    assertEquals(k, ByteBuffer.wrap(cursor.keyBytes()).getInt());
    assertEquals(k == HOT ? hotVersion : 0, ByteBuffer.wrap(cursor.valueBytes()).getInt());
  }

  private static byte[] key(int k) {
    return ByteBuffer.allocate(12).putInt(k).array();
  }

  private static byte[] value(int v) {
    return ByteBuffer.allocate(8).putInt(v).array();
  }
}
