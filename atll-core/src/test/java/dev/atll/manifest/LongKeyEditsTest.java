package dev.atll.manifest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.Atll;
import dev.atll.api.AtllDb;
import dev.atll.api.CorruptionException;
import dev.atll.api.Durability;
import dev.atll.api.KeyRange;
import dev.atll.api.Options;
import dev.atll.api.UnsupportedFormatException;
import dev.atll.env.sim.SimEnv;
import dev.atll.observe.Observer;
import dev.atll.version.Burden;
import dev.atll.version.Run;
import dev.atll.version.RunFigures;
import dev.atll.version.VersionEdit;
import dev.atll.version.VersionText;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Long keys are written once an edit, and only where they differ; they are shared when read. */
@Timeout(60)
class LongKeyEditsTest {
  private static final int LEVELS = 7;

  private static byte[] key(int length, int number) {
    byte[] key = new byte[length + 2];
    Arrays.fill(key, (byte) 0xFF);
    key[length] = (byte) (number >> 8);
    key[length + 1] = (byte) number;
    return key;
  }

  /** Guards of all levels, and a run from each to the next one. */
  private static VersionEdit edit(int length, int guards) {
    VersionEdit edit = new VersionEdit();
    for (int level = LEVELS; level >= 1; level--) {
      for (int g = 1; g <= guards; g++) {
        edit.addedGuards.add(new VersionEdit.LevelGuard(level, key(length, g)));
        edit.addedRuns.add(
            new VersionEdit.LevelRun(
                level,
                new Run(
                    1000L * level + g,
                    9,
                    key(length, g),
                    g == guards ? null : key(length, g + 1),
                    new RunFigures(1, 2, 3, 0, 4, 0, 0),
                    new Burden())));
      }
      edit.removedGuards.add(new VersionEdit.LevelGuard(level, key(length, 0)));
    }
    return edit;
  }

  @Test
  void aKeyIsWrittenOnceAndSharedWhenRead() {
    // Every 128th key is whole: three of them.
    assertTrue(EditCodec.encode(edit(20_000, 300)).length < 3 * 20_000 + LEVELS * 300 * 60);
    VersionEdit edit = edit(500, 140);
    byte[] bytes = EditCodec.encode(edit);
    VersionEdit back = EditCodec.decode(bytes, "m", 0);
    assertEquals(VersionText.of(edit), VersionText.of(back));
    assertArrayEquals(bytes, EditCodec.encode(back));
    byte[] guard = back.addedGuards.get(0).key();
    assertSame(guard, back.addedGuards.get(140).key());
    assertSame(guard, back.addedRuns.get(0).run().low());
  }

  @Test
  void keysOfSeveralEditsAreSharedToo() {
    KeyPool pool = new KeyPool();
    byte[] bytes = EditCodec.encode(edit(2_000, 3));
    VersionEdit one = EditCodec.decode(bytes, "m", 0, pool);
    VersionEdit two = EditCodec.decode(bytes, "m", 0, pool);
    assertSame(one.addedGuards.get(1).key(), two.addedGuards.get(1).key());
  }

  @Test
  void fewShortKeysAreWrittenAsEver() {
    byte[] bytes = EditCodec.encode(edit(4, 2));
    assertEquals(ManifestFormat.REMOVED_GUARD, bytes[0]);
  }

  /** A table with a right checksum and a wrong content: refused, and no more memory than its bytes earn. */
  @Test
  void hostileTablesAreRefusedByType() {
    byte[] bytes = EditCodec.encode(edit(600, 150));
    Random random = new Random(5);
    for (int i = 0; i < 3_000; i++) {
      byte[] bad = bytes.clone();
      for (int n = random.nextInt(3); n >= 0; n--) {
        bad[random.nextInt(i % 2 == 0 ? 700 : bad.length)] = (byte) random.nextInt(256);
      }
      try {
        EditCodec.decode(bad, "m", 77);
      } catch (CorruptionException e) {
        assertEquals(77, e.offset());
      } catch (UnsupportedFormatException e) {
        assertTrue(String.valueOf(e.getMessage()).contains("offset 77"));
      }
    }
  }

  /** With guards in every level and the bounds of every run the manifest was six times the data. */
  @Test
  void manifestsOfLongKeysAreSmallerThanTheirKeys() {
    SimEnv env = new SimEnv(11);
    Options options =
        Options.builder()
            .durability(Durability.OS)
            .memtableBytes(256 << 10)
            .slotBytes(32 << 10)
            .spaceReserveBytes(0)
            .build();
    int keys = 300;
    int length = 6_000;
    try (AtllDb db = Atll.open(Path.of("/db"), options, Observer.none(), env)) {
      for (int i = 0; i < keys; i++) {
        db.put(key(length, i * 7 % keys), Integer.toString(i).getBytes(StandardCharsets.US_ASCII));
      }
      db.flush();
      assertTrue(db.settle(Duration.ofMinutes(10)));
      long manifest = db.stats().manifestBytesWritten();
      assertTrue(manifest < (long) keys * length / 2, "manifest bytes " + manifest);
      assertTrue(db.stats().levels().getLast().slotRuns().size() > 2, "cut all the same");
    }
    try (AtllDb db = Atll.open(Path.of("/db"), options, Observer.none(), env)) {
      assertEquals(keys, db.count(KeyRange.all()));
      db.verify();
    }
  }
}
