package dev.atll.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.env.OpKind;
import dev.atll.env.OutOfSpaceException;
import dev.atll.env.fault.Fault;
import dev.atll.env.fault.FaultFileSystem;
import dev.atll.env.fault.FaultRule;
import dev.atll.env.fault.LateFiles;
import dev.atll.env.sim.CrashMode;
import dev.atll.env.sim.SimEnv;
import dev.atll.env.sim.SimFileSystem;
import dev.atll.wal.WalWorld.Recovered;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class WalWriterTest {
  private static final long SEED = Long.getLong("seed", 17);

  private final SimEnv env = new SimEnv(SEED);

  private WalWriter fresh(long segmentBytesMax) throws IOException {
    return WalWorld.writer(env.files(), env, segmentBytesMax, RecoveredLog.EMPTY, 0);
  }

  @Test
  void forcesOldSegmentsThenNamesThenTheNewest() throws IOException {
    WalWriter writer = fresh(1 << 20);
    writer.start();
    List<String> calls = new ArrayList<>();
    env.files().setHook((kind, name) -> calls.add(kind + " " + name));
    WalWorld.append(writer, 1, 1, 0);
    writer.roll();
    WalWorld.append(writer, 2, 1, 0);
    writer.roll();
    WalWorld.append(writer, 3, 2, 0);
    assertEquals(0, writer.durableRevision());
    calls.clear();
    assertEquals(4, writer.sync());
    assertEquals(
        List.of(
            "SYNC " + WalFiles.name(1),
            "SYNC " + WalFiles.name(2),
            "SYNC_DIRECTORY " + WalWorld.DIRECTORY,
            "SYNC " + WalFiles.name(3)),
        calls);
    calls.clear();
    WalWorld.append(writer, 5, 1, 0);
    writer.sync();
    assertEquals(List.of("APPEND " + WalFiles.name(3), "SYNC " + WalFiles.name(3)), calls);
    calls.clear();
    assertEquals(5, writer.sync());
    assertEquals(List.of(), calls, "nothing new, nothing forced");
  }

  @Test
  void aGroupAppendedWhileForcingIsNotPromised() throws IOException {
    WalWriter writer = fresh(1 << 20);
    WalWorld.append(writer, 1, 2, 0);
    boolean[] done = new boolean[1];
    env.files()
        .setHook(
            (kind, name) -> {
              if (kind == OpKind.SYNC && !done[0]) {
                done[0] = true;
                try {
                  WalWorld.append(writer, 3, 1, 0);
                  writer.roll();
                  WalWorld.append(writer, 4, 1, 0);
                } catch (IOException e) {
                  throw new AssertionError(e);
                }
              }
            });
    assertEquals(2, writer.sync());
    assertTrue(done[0]);
    assertTrue(writer.bytesUnsynced() > 0);
    assertEquals(4, writer.sync());
  }

  @Test
  void aSegmentThatIsLeftWhileForcingIsForcedNextTime() throws IOException {
    // So few that rolling forces none itself, which a thread that is forcing could not do.
    int[] rolls = new int[1];
    WalWriter[] writing = new WalWriter[1];
    long[] next = {1};
    LateFiles files =
        new LateFiles(
            env.files(),
            () -> {
              if (rolls[0] > 0) {
                try {
                  int left = rolls[0] - 1;
                  rolls[0] = 0; // rolling makes files, and passes here
                  WalWorld.append(writing[0], next[0]++, 1, 0);
                  writing[0].roll();
                  WalWorld.append(writing[0], next[0]++, 1, 0);
                  rolls[0] = left;
                } catch (IOException e) {
                  throw new AssertionError(e);
                }
              }
            });
    WalWriter writer = WalWorld.writer(files, env, 1 << 20, RecoveredLog.EMPTY, 0);
    writing[0] = writer;
    WalWorld.append(writer, next[0]++, 1, 0);
    writer.roll();
    WalWorld.append(writer, next[0]++, 1, 0);
    for (int i = 0; i < 4; i++) {
      // Before and after the first file is forced, and the names; then not at all.
      rolls[0] = i < 3 ? 1 + i : 0;
      long durable = writer.sync();
      rolls[0] = 0;
      SimFileSystem left = env.files().crash(env.random("cut " + i), CrashMode.SYNCED_ONLY);
      Recovered recovered = WalWorld.replay(left, 0, 0);
      assertTrue(
          recovered.revisions.containsAll(WalWorld.range(1, durable)),
          () -> durable + " durable, recovered " + recovered.revisions);
    }
    assertEquals(next[0] - 1, writer.durableRevision());
  }

  /** What other threads append and roll before and after each call of a sync, at random. */
  @Test
  void whatASyncSaysIsDurableSurvivesWhateverWasAppendedMeanwhile() throws IOException {
    int meanwhile = 0;
    for (long seed = 1; seed <= 150; seed++) {
      meanwhile += new Meanwhile(seed).run();
    }
    assertTrue(meanwhile > 1000, meanwhile + " things happened");
  }

  private static final class Meanwhile {
    // So few that rolling forces none itself, which a thread that is forcing could not do.
    private static final int ROLLS_MAX = 4;

    private final SimEnv world;
    private final SplittableRandom random;
    private final WalWriter writer;
    private long next = 1;
    private int rolls;
    private int happened;
    private boolean forcing;

    Meanwhile(long seed) throws IOException {
      world = new SimEnv(seed);
      random = new SplittableRandom(seed);
      LateFiles files = new LateFiles(world.files(), this::pause);
      writer = WalWorld.writer(files, world, 1 << 20, RecoveredLog.EMPTY, 0);
    }

    private void pause() {
      if (forcing && random.nextInt(3) == 0) {
        forcing = false; // a new segment passes here, too
        happened++;
        try {
          act();
        } catch (IOException e) {
          throw new AssertionError(e);
        }
        forcing = true;
      }
    }

    private void act() throws IOException {
      if (random.nextBoolean() && rolls < ROLLS_MAX) {
        rolls++;
        writer.roll();
      }
      WalWorld.append(writer, next++, 1, 0);
    }

    int run() throws IOException {
      act();
      for (int i = 0; i < 6; i++) {
        if (random.nextBoolean()) {
          act();
        }
        rolls = 0;
        forcing = true;
        long durable = writer.sync();
        forcing = false;
        SimFileSystem left = world.files().crash(random.split(), CrashMode.SYNCED_ONLY);
        Recovered recovered = WalWorld.replay(left, 0, 0);
        assertTrue(
            recovered.revisions.containsAll(WalWorld.range(1, durable)),
            () -> durable + " durable, recovered " + recovered.revisions);
      }
      assertEquals(next - 1, writer.sync());
      return happened;
    }
  }

  @Test
  void oneAppendPerGroupAndExactCounts() throws IOException {
    WalWriter writer = fresh(1 << 20);
    writer.start();
    long before = env.files().operations(OpKind.APPEND);
    WalWorld.append(writer, 1, 50, 0);
    assertEquals(before + 1, env.files().operations(OpKind.APPEND));
    assertEquals(WalWorld.file(env.files(), 1).length, writer.bytesWritten());
    assertEquals(writer.bytesWritten(), writer.bytesUnsynced());
    writer.sync();
    assertEquals(0, writer.bytesUnsynced());
    writer.close();
    assertEquals(WalWorld.file(env.files(), 1).length, writer.bytesWritten());
    assertEquals(List.of(), env.files().openHandles());
  }

  @Test
  void largeBatchesGoInWholeAndAlone() throws IOException {
    WalWriter writer = fresh(1000);
    CommitGroup group = new CommitGroup();
    List<byte[]> batches = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < 5; i++) {
      byte[] value = new byte[i % 2 == 0 ? 100 : 300_000];
      random.nextBytes(value);
      dev.atll.api.WriteBatch batch = new dev.atll.api.WriteBatch().put(new byte[] {1}, value);
      batches.add(WalWorld.bytes(batch));
      group.add(batch.encoded(), 0, batch.encodedLength());
    }
    WalWorld.append(writer, 1, 1, 0);
    writer.append(2, group);
    WalWorld.append(writer, 7, 1, 0);
    assertEquals(3, writer.segments().size());
    Recovered recovered = WalWorld.replay(env.files(), 0, 0);
    assertEquals(WalWorld.range(1, 7), recovered.revisions);
    for (int i = 0; i < 5; i++) {
      org.junit.jupiter.api.Assertions.assertArrayEquals(
          batches.get(i), recovered.batches.get(i + 1));
    }
    assertNull(recovered.log.tailCut());
  }

  @Test
  void aFullDiskGivesUpTheSegmentAndLaterGoesOn() throws IOException {
    // At each possible byte: the group that does not fit leaves no trace.
    for (int room = 0; room < 400; room++) {
      SimEnv world = new SimEnv(SEED);
      WalWriter writer = WalWorld.writer(world.files(), world, 1 << 20, RecoveredLog.EMPTY, 0);
      WalWorld.append(writer, 1, 2, 0);
      world.files().setCapacity(world.files().usedBytes() + room);
      long revision = 3;
      try {
        while (true) {
          WalWorld.append(writer, revision, 1, 0);
          revision++;
        }
      } catch (OutOfSpaceException e) {
        assertFalse(writer.isFailed());
      }
      assertEquals(revision - 1, writer.lastRevision());
      // Retrying on the full disk fails again and harms nothing; forcing what counts works.
      long unacked = revision;
      assertThrows(OutOfSpaceException.class, () -> WalWorld.append(writer, unacked, 40, 7));
      assertEquals(revision - 1, writer.sync());
      WalWorld.replay(world.files(), 0, 0).checkSalt(0);
      world.files().setCapacity(Long.MAX_VALUE);
      WalWorld.append(writer, revision, 3, 0);
      writer.sync();
      Recovered recovered = WalWorld.replay(world.files(), 0, 0);
      recovered.checkSalt(0);
      assertEquals(WalWorld.range(1, revision + 2), recovered.revisions);
      assertNull(recovered.log.tailCut());
    }
  }

  @Test
  void aFailedForceEndsTheLogWhateverItLost() throws IOException {
    for (Fault fault : List.of(Fault.lostPages(), Fault.ioError())) {
      for (OpKind kind : List.of(OpKind.SYNC, OpKind.SYNC_DIRECTORY)) {
        SimEnv world = new SimEnv(SEED);
        FaultFileSystem faulty = new FaultFileSystem(world.files());
        WalWriter writer = WalWorld.writer(faulty, world, 1 << 20, RecoveredLog.EMPTY, 0);
        WalWorld.append(writer, 1, 1, 0);
        writer.sync();
        WalWorld.append(writer, 2, 1, 0);
        writer.roll();
        WalWorld.append(writer, 3, 1, 0);
        faulty.add(FaultRule.once(kind, 1, fault));
        assertThrows(IOException.class, writer::sync);
        assertEquals(1, faulty.fired());
        assertTrue(writer.isFailed());
        assertEquals(1, writer.durableRevision());
        long syncs = faulty.calls(OpKind.SYNC);
        assertThrows(IOException.class, writer::sync);
        assertThrows(IOException.class, () -> WalWorld.append(writer, 4, 1, 0));
        assertThrows(IOException.class, writer::roll);
        assertThrows(IOException.class, () -> writer.collect(2));
        writer.close();
        assertEquals(syncs, faulty.calls(OpKind.SYNC), "a failed force is not retried");
        assertEquals(0, faulty.calls(OpKind.DELETE));
        assertEquals(List.of(), world.files().openHandles());
        // A later process may read the lost pages back from memory; what it acks must survive.
        SimFileSystem killed = world.files().kill();
        SimEnv next = new SimEnv(SEED, killed);
        Recovered recovered = WalWorld.replay(killed, 0, 0);
        WalWriter again = WalWorld.writer(killed, next, 1 << 20, recovered.log, 0);
        again.start();
        long last = recovered.log.lastRevision();
        assertTrue(last >= 1);
        WalWorld.append(again, last + 1, 1, 0);
        assertEquals(last + 1, again.sync());
        SimFileSystem cut = killed.crash(new SplittableRandom(1), CrashMode.SYNCED_ONLY);
        assertEquals(WalWorld.range(1, last + 1), WalWorld.replay(cut, 0, 0).revisions);
      }
    }
  }

  @Test
  void aFailedWriteThatIsNotAFullDiskEndsTheLog() throws IOException {
    FaultFileSystem faulty = new FaultFileSystem(env.files());
    WalWriter writer = WalWorld.writer(faulty, env, 1 << 20, RecoveredLog.EMPTY, 0);
    WalWorld.append(writer, 1, 1, 0);
    faulty.add(FaultRule.once(OpKind.APPEND, 1, Fault.ioError()));
    assertThrows(IOException.class, () -> WalWorld.append(writer, 2, 1, 0));
    assertTrue(writer.isFailed());
    assertThrows(IOException.class, writer::sync);
  }

  @Test
  void aFailedCreateHarmsNothing() throws IOException {
    FaultFileSystem faulty = new FaultFileSystem(env.files());
    WalWriter writer = WalWorld.writer(faulty, env, 1 << 20, RecoveredLog.EMPTY, 0);
    WalWorld.append(writer, 1, 1, 0);
    faulty.add(FaultRule.once(OpKind.CREATE, 1, Fault.ioError()));
    assertThrows(IOException.class, writer::roll);
    assertFalse(writer.isFailed());
    WalWorld.append(writer, 2, 1, 0);
    writer.roll();
    WalWorld.append(writer, 3, 1, 0);
    assertEquals(3, writer.sync());
    assertEquals(WalWorld.range(1, 3), WalWorld.replay(env.files(), 0, 0).revisions);
  }

  @Test
  void collectsOnlyWhatIsFlushedAndNeverTheActiveSegment() throws IOException {
    WalWriter writer = fresh(1 << 20);
    for (long revision = 1; revision <= 9; revision += 3) {
      WalWorld.append(writer, revision, 3, 0);
      writer.roll();
    }
    assertEquals(4, writer.segments().size());
    assertEquals(0, writer.collect(3));
    assertEquals(1, writer.firstNeededSegment(3));
    assertEquals(1, writer.firstNeededSegment(4), "a later name is not durable yet");
    writer.sync();
    assertEquals(2, writer.firstNeededSegment(4));
    assertEquals(1, writer.collect(4));
    assertEquals(2, writer.collect(100));
    assertEquals(1, writer.segments().size());
    assertEquals(0, writer.collect(100));
    assertEquals(4, writer.firstNeededSegment(100));
    WalWorld.append(writer, 10, 1, 0);
    Recovered recovered = WalWorld.replay(env.files(), 4, 9);
    assertEquals(List.of(10L), recovered.revisions);
    assertNull(recovered.log.tailCut());
  }

  @Test
  void closingInOrderProvesTheWholeLog() throws IOException {
    WalWriter writer = fresh(1 << 20);
    WalWorld.append(writer, 1, 3, 0);
    writer.close();
    writer.close();
    assertThrows(IOException.class, () -> WalWorld.append(writer, 4, 1, 0));
    Recovered recovered = WalWorld.replay(env.files(), 0, 0);
    assertEquals(3, recovered.log.durableRevision());
    long before = env.files().operations(OpKind.RENAME);
    WalWriter again = WalWorld.writer(env.files(), env, 1 << 20, recovered.log, 0);
    WalWorld.append(again, 4, 1, 0);
    assertEquals(before, env.files().operations(OpKind.RENAME), "nothing had to be written again");
    assertEquals(2, again.segments().size());
  }

  @Test
  void onlyTheUnprovenPartIsWrittenAgain() throws IOException {
    WalWriter writer = fresh(1 << 20);
    WalWorld.append(writer, 1, 3, 0);
    writer.sync();
    WalWorld.append(writer, 4, 2, 0); // claims 3
    writer.roll();
    WalWorld.append(writer, 6, 1, 0);
    SimFileSystem killed = env.files().kill();
    Recovered recovered = WalWorld.replay(killed, 0, 0);
    assertEquals(WalWorld.range(1, 6), recovered.revisions);
    assertEquals(3, recovered.log.durableRevision());
    WalWriter again = WalWorld.writer(killed, new SimEnv(1, killed), 1 << 20, recovered.log, 0);
    again.start();
    assertEquals(6, again.durableRevision());
    List<WalSegment> segments = again.segments();
    assertEquals(3, segments.size());
    assertEquals(3, segments.get(0).lastRevision());
    assertEquals(4, segments.get(1).firstRevision());
    assertEquals(6, segments.get(1).lastRevision());
    SimFileSystem cut = killed.crash(new SplittableRandom(1), CrashMode.SYNCED_ONLY);
    Recovered after = WalWorld.replay(cut, again.firstNeededSegment(1), 0);
    assertEquals(WalWorld.range(1, 6), after.revisions);
    // Revisions that are in tables by now need not be.
    Recovered flushed = WalWorld.replay(killed, 0, 5);
    assertEquals(List.of(6L), flushed.revisions);
  }

  @Test
  void aSyncBeforeAnyAppendMakesDurableWhatWasRecovered() throws IOException {
    WalWriter writer = fresh(1 << 20);
    WalWorld.append(writer, 1, 3, 0);
    SimFileSystem killed = env.files().kill();
    Recovered recovered = WalWorld.replay(killed, 0, 0);
    WalWriter again = WalWorld.writer(killed, new SimEnv(1, killed), 1 << 20, recovered.log, 0);
    assertEquals(0, again.durableRevision());
    assertEquals(3, again.sync());
    SimFileSystem cut = killed.crash(new SplittableRandom(1), CrashMode.SYNCED_ONLY);
    assertEquals(WalWorld.range(1, 3), WalWorld.replay(cut, 0, 0).revisions);
  }

  @Test
  void aSealCountsOnlyWhenNothingFollowsIt() throws IOException {
    WalWriter writer = fresh(1 << 20);
    WalWorld.append(writer, 1, 3, 0);
    writer.close();
    Recovered sealed = WalWorld.replay(env.files(), 0, 0);
    assertTrue(sealed.log.sealed());
    WalWriter again = WalWorld.writer(env.files(), env, 1 << 20, sealed.log, 0);
    WalWorld.append(again, 4, 1, 0);
    assertFalse(WalWorld.replay(env.files(), 0, 0).log.sealed());
    // The name of the new segment is on disk, its content is not: revision 4 was visible once.
    SimFileSystem cut = env.files().crash(new SplittableRandom(1), CrashMode.SYNCED_ONLY);
    Recovered recovered = WalWorld.replay(cut, 0, 0);
    assertEquals(3, recovered.log.lastRevision());
    assertFalse(recovered.log.sealed());
  }

  @Test
  void aForceThatFindsTheDiskFullIsNotTakenForARefusedWrite() throws IOException {
    FaultFileSystem faulty = new FaultFileSystem(env.files());
    WalWriter writer = WalWorld.writer(faulty, env, 1 << 20, RecoveredLog.EMPTY, 0);
    WalWorld.append(writer, 1, 1, 0);
    faulty.add(FaultRule.once(OpKind.SYNC, 1, Fault.outOfSpace()));
    IOException e = assertThrows(IOException.class, writer::sync);
    assertFalse(e instanceof OutOfSpaceException);
    assertTrue(writer.isFailed());
  }

  @Test
  void listenerHearsOfTurningPoints() throws IOException {
    List<String> heard = new ArrayList<>();
    WalListener listener =
        new WalListener() {
          @Override
          public void segmentRolled(long segment, long bytes, long revision, int live) {
            assertTrue(bytes > 0);
            heard.add("rolled " + segment + " " + revision + " " + live);
          }

          @Override
          public void synced(long segment, long bytes, long batches, long nanos) {
            assertTrue(bytes > 0 && nanos > 0);
            heard.add("synced " + segment + " " + batches);
          }

          @Override
          public void collected(int segments, long bytes, int live, long oldest, long nanos) {
            assertTrue(bytes > 0 && nanos > 0);
            heard.add("collected " + segments + " " + live + " " + oldest);
          }
        };
    WalWriter writer =
        new WalWriter(
            env.files().open(WalWorld.DIRECTORY, true),
            env.clock(),
            listener,
            WalWorld.STORE_ID,
            1 << 20,
            RecoveredLog.EMPTY,
            0);
    WalWorld.append(writer, 1, 3, 0);
    writer.roll();
    writer.sync();
    writer.collect(4);
    assertEquals(List.of("rolled 1 3 2", "synced 2 3", "collected 1 1 4"), heard);
    assertNotNull(writer.segments());
  }
}
