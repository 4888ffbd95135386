package dev.atll.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.api.CorruptionException;
import dev.atll.api.UnsupportedFormatException;
import dev.atll.env.FileOut;
import dev.atll.env.OpKind;
import dev.atll.env.Storage;
import dev.atll.env.fault.Fault;
import dev.atll.env.fault.FaultFileSystem;
import dev.atll.env.fault.FaultRule;
import dev.atll.env.sim.SimEnv;
import dev.atll.env.sim.SimFileSystem;
import dev.atll.record.RecordReader.Outcome;
import dev.atll.record.RecordWriter;
import dev.atll.wal.WalWorld.Recovered;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** Every byte of a log cut off or damaged: a prefix, or a typed error that names the place. */
final class WalDamageTest {
  private static final long SEED = Long.getLong("seed", 5);

  private final SimEnv env = new SimEnv(SEED);

  /** One record of a log, and what it proves. */
  private record Fact(long segment, long offset, long end, long first, long last, long claim) {}

  /** A log of several segments with and without forces, unclean or closed. */
  private WalWriter write(SplittableRandom random, boolean close) throws IOException {
    WalWriter writer = WalWorld.writer(env.files(), env, 400, RecoveredLog.EMPTY, 0);
    writer.start();
    long revision = 1;
    for (int i = 0; i < 16; i++) {
      int batches = 1 + random.nextInt(3);
      WalWorld.append(writer, revision, batches, 0);
      revision += batches;
      if (random.nextInt(4) == 0) {
        writer.sync();
      }
    }
    if (close) {
      writer.close();
    }
    return writer;
  }

  private List<Fact> facts(List<WalSegment> segments) throws IOException {
    List<Fact> facts = new ArrayList<>();
    try (Storage storage = env.files().open(WalWorld.DIRECTORY, false)) {
      for (WalSegment segment : segments) {
        try (SegmentReader reader = new SegmentReader(storage, segment.number(), Long.MAX_VALUE)) {
          SegmentHeader header = reader.header(WalWorld.STORE_ID);
          assertNotNull(header);
          facts.add(
              new Fact(segment.number(), 0, reader.nextOffset(), 0, 0, header.durableRevision()));
          while (reader.next() == Outcome.RECORD) {
            facts.add(
                new Fact(
                    segment.number(),
                    reader.offset(),
                    reader.nextOffset(),
                    reader.firstRevision(),
                    reader.lastRevision(),
                    reader.durableRevision()));
          }
        }
      }
    }
    return facts;
  }

  @Test
  void everyByteOfEveryFileDamagedThreeWays() throws IOException {
    int cut = 0;
    int refused = 0;
    for (boolean close : new boolean[] {false, true}) {
      SimEnv world = env;
      SplittableRandom random = new SplittableRandom(SEED + (close ? 1 : 0));
      if (close) {
        try (Storage storage = world.files().open(WalWorld.DIRECTORY, true)) {
          for (String name : storage.list()) {
            storage.delete(name);
          }
        }
      }
      WalWriter writer = write(random, close);
      List<WalSegment> segments = writer.segments();
      assertTrue(segments.size() > 2, "segments " + segments);
      List<Fact> facts = facts(segments);
      for (int i = 0; i < facts.size(); i++) {
        Fact hit = facts.get(i);
        SimFileSystem image = WalWorld.planted(world, segments, world.files());
        Path file = WalWorld.DIRECTORY.resolve(WalFiles.name(hit.segment));
        byte[] content = image.read(file);
        for (long at = hit.offset; at < hit.end; at++) {
          byte was = content[(int) at];
          for (int mask : new int[] {1 << random.nextInt(8), was & 0xFF, (was ^ 0xFF) & 0xFF}) {
            if (mask == 0) {
              continue;
            }
            image.corrupt(file, at, mask);
            if (checkDamaged(image, facts, i)) {
              refused++;
            } else {
              cut++;
            }
            image.corrupt(file, at, mask);
          }
        }
      }
    }
    // Both outcomes were really met.
    assertTrue(cut > 300 && refused > 1_000, cut + " cut, " + refused + " refused");
  }

  /** Returns whether the log was refused; checks that this is right. */
  private static boolean checkDamaged(SimFileSystem image, List<Fact> facts, int damaged)
      throws IOException {
    long before = 0;
    for (Fact fact : facts.subList(0, damaged)) {
      before = Math.max(before, fact.last);
    }
    long claim = 0;
    for (Fact fact : facts.subList(damaged + 1, facts.size())) {
      claim = Math.max(claim, fact.claim);
    }
    Fact hit = facts.get(damaged);
    if (claim > before) {
      CorruptionException e =
          assertThrows(CorruptionException.class, () -> WalWorld.replay(image, 0, 0), hit::toString);
      assertEquals(WalFiles.name(hit.segment), e.file());
      assertEquals(hit.offset, e.offset());
      return true;
    }
    Recovered recovered = WalWorld.replay(image, 0, 0);
    recovered.checkSalt(0);
    assertEquals(WalWorld.range(1, before), recovered.revisions);
    TailCut cut = recovered.log.tailCut();
    assertNotNull(cut);
    assertEquals(WalFiles.name(hit.segment), cut.file());
    assertEquals(hit.offset, cut.offset());
    assertEquals(before, cut.lastRevision());
    return false;
  }

  @Test
  void everyLengthOfTheLastSegmentGivesWholeRecords() throws IOException {
    WalWriter writer = write(new SplittableRandom(SEED), false);
    List<WalSegment> segments = writer.segments();
    List<Fact> facts = facts(segments);
    WalSegment last = segments.getLast();
    SimFileSystem image = WalWorld.planted(env, segments, env.files());
    Path file = WalWorld.DIRECTORY.resolve(last.fileName());
    for (long length = last.length(); length >= 0; length--) {
      image.truncate(file, length);
      long whole = 0;
      long claim = 0;
      long end = 0;
      for (Fact fact : facts) {
        if (fact.segment < last.number() || fact.end <= length) {
          whole = Math.max(whole, fact.last);
          claim = Math.max(claim, fact.claim);
          end = fact.segment == last.number() ? fact.end : 0;
        }
      }
      // Claims never exceed what lies before them, so cutting the end is never damage.
      assertTrue(claim <= whole);
      Recovered recovered = WalWorld.replay(image, 0, 0);
      recovered.checkSalt(0);
      assertEquals(WalWorld.range(1, whole), recovered.revisions, "length " + length);
      TailCut cut = recovered.log.tailCut();
      if (end == length && length > 0) {
        assertNull(cut);
      } else {
        assertNotNull(cut);
        assertEquals(end, cut.offset());
        assertEquals(length - end, cut.bytesDropped());
      }
    }
  }

  @Test
  void missingAndShortSegmentsAreDamageOnlyWhenForced() throws IOException {
    for (boolean forced : new boolean[] {false, true}) {
      SimEnv world = new SimEnv(SEED);
      WalWriter writer = WalWorld.writer(world.files(), world, 1 << 20, RecoveredLog.EMPTY, 0);
      for (long revision = 1; revision <= 8; revision++) {
        WalWorld.append(writer, revision, 1, 0);
        if (revision % 2 == 0) {
          writer.roll();
        }
        if (forced) {
          writer.sync();
        }
      }
      List<WalSegment> segments = writer.segments();
      for (int victim = 0; victim + 1 < segments.size(); victim++) {
        WalSegment lost = segments.get(victim);
        Path file = WalWorld.DIRECTORY.resolve(lost.fileName());
        for (long length = -1; length < lost.length(); length++) {
          SimFileSystem image = WalWorld.planted(world, segments, world.files());
          if (length < 0) {
            image.lose(file);
          } else {
            image.truncate(file, length);
          }
          boolean isLastWithRecords = victim == segments.size() - 2;
          long kept = lost.firstRevision() - 1;
          if (forced && !isLastWithRecords) {
            CorruptionException e =
                assertThrows(CorruptionException.class, () -> WalWorld.replay(image, 0, 0));
            assertEquals(lost.fileName(), e.file());
            assertTrue(e.offset() <= Math.max(0, length));
          } else if (!forced) {
            Recovered recovered = WalWorld.replay(image, 0, 0);
            recovered.checkSalt(0);
            long got = recovered.log.lastRevision();
            assertEquals(WalWorld.range(1, got), recovered.revisions);
            assertTrue(length < 0 ? got == kept : got >= kept && got < lost.lastRevision());
            assertNotNull(recovered.log.tailCut());
          }
        }
      }
    }
  }

  @Test
  void aMissingRecordedSegmentIsDamage() throws IOException {
    assertThrows(CorruptionException.class, () -> WalWorld.replay(env.files(), 3, 0));
    assertEquals(0, WalWorld.replay(env.files(), 0, 0).log.segments().size());
  }

  @Test
  void aRegionThatCannotBeReadIsDamage() throws IOException {
    write(new SplittableRandom(SEED), false);
    FaultFileSystem counting = new FaultFileSystem(env.files());
    WalWorld.replay(counting, 0, 0);
    long reads = counting.calls(OpKind.READ);
    assertTrue(reads > 3);
    for (long nth = 1; nth <= reads; nth++) {
      FaultFileSystem faulty = new FaultFileSystem(env.files());
      faulty.add(FaultRule.once(OpKind.READ, nth, Fault.ioError()));
      assertThrows(CorruptionException.class, () -> WalWorld.replay(faulty, 0, 0));
      assertEquals(1, faulty.fired());
    }
  }

  @Test
  void aLogOfAnotherStoreIsRefused() throws IOException {
    write(new SplittableRandom(SEED), true);
    try (Storage storage = env.files().open(WalWorld.DIRECTORY, false)) {
      assertThrows(
          CorruptionException.class,
          () -> WalRecovery.replay(storage, WalWorld.STORE_ID + 1, 0, 0, (r, b, o, l) -> {}));
    }
  }

  @Test
  void newerVersionsFeaturesAndRecordTypesAreRefused() throws IOException {
    for (int field = 0; field < 3; field++) {
      SimEnv world = new SimEnv(SEED);
      try (Storage storage = world.files().open(WalWorld.DIRECTORY, true);
          FileOut out = storage.create(WalFiles.name(1))) {
        RecordWriter record = new RecordWriter(out, 1);
        record.begin(WalFormat.HEADER);
        record.putLong(WalFormat.MAGIC);
        record.putLong(field == 0 ? WalFormat.VERSION + 1 : WalFormat.VERSION);
        record.putLong(field == 1 ? 1L << 40 : 0);
        record.putLong(WalWorld.STORE_ID);
        record.putLong(1);
        for (int i = 0; i < 4; i++) {
          record.putLong(0);
        }
        record.end();
        record.begin(field == 2 ? 9 : WalFormat.SEAL);
        record.putVarint(0);
        record.end();
      }
      assertThrows(
          UnsupportedFormatException.class, () -> WalWorld.replay(world.files(), 0, 0));
    }
  }

  @Test
  void recordsWithRightChecksumsAndWrongContentAreDamage() throws IOException {
    long[][] groups = {
      {0, 1, 1}, // revision 0
      {5, 0, 1}, // claims itself
      {5, 6, 1}, // claims below 0
      {5, 1, 0}, // no batch
      {5, 1, 2}, // one batch less than it says
      {5, 1, Integer.MAX_VALUE},
      {5, 1, Long.MAX_VALUE},
      {Long.MAX_VALUE, Long.MAX_VALUE, 2},
      {5, 1, 1}, // claims 4, which nobody wrote
      {-1, 1, 1},
    };
    for (long[] group : groups) {
      SimEnv world = new SimEnv(SEED);
      try (Storage storage = world.files().open(WalWorld.DIRECTORY, true);
          FileOut out = storage.create(WalFiles.name(1))) {
        RecordWriter record = new RecordWriter(out, 1);
        new SegmentHeader(WalWorld.STORE_ID, 1, 0, 0, 0, 0).write(record);
        record.begin(WalFormat.GROUP);
        for (long number : group) {
          record.putVarint(number);
        }
        record.putVarint(3);
        record.put(new byte[] {0, 0, 0}, 0, 3);
        record.end();
      }
      assertThrows(CorruptionException.class, () -> WalWorld.replay(world.files(), 0, 0));
    }
  }

  /** A segment that continues itself, or a newer one, would be walked back to for ever. */
  @Test
  @Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
  void headersWithRightChecksumsAndImpossibleNumbersAreDamage() throws IOException {
    long[][] headers = {
      {7, 100, 5, 0}, // continues itself
      {8, 100, 5, 0}, // a newer one, which is there
      {9, 100, 5, 0}, // a newer one, which is not
      {Long.MAX_VALUE, 100, 5, 0},
      {-1, 100, 5, 0},
      {6, -1, 5, 0},
      {6, 100, -1, 0},
      {6, 100, 5, -1},
    };
    for (long[] header : headers) {
      SimEnv world = new SimEnv(SEED);
      try (Storage storage = world.files().open(WalWorld.DIRECTORY, true);
          FileOut out = storage.create(WalFiles.name(7));
          FileOut newer = storage.create(WalFiles.name(8))) {
        new SegmentHeader(WalWorld.STORE_ID, 7, header[0], header[1], header[2], header[3])
            .write(new RecordWriter(out, 7));
        new SegmentHeader(WalWorld.STORE_ID, 8, 7, out.length(), 5, 0)
            .write(new RecordWriter(newer, 8));
      }
      CorruptionException found =
          assertThrows(CorruptionException.class, () -> WalWorld.replay(world.files(), 0, 0));
      assertEquals(WalFiles.name(7), found.file(), found.getMessage());
    }
  }
}
