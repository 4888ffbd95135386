package dev.atll.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.api.CorruptionException;
import dev.atll.env.sim.CrashMode;
import dev.atll.env.sim.SimEnv;
import dev.atll.env.sim.SimFileSystem;
import dev.atll.wal.WalWorld.Recovered;
import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** What holds for every sequence of appends, forces and rolls, found by trying to break it. */
final class WalProperties {
  /** A step: 0 forces, 1 rolls, more appends a group of so many minus one batches. */
  private static long run(WalWriter writer, List<Integer> steps, long[] durable)
      throws IOException {
    long last = 0;
    for (int step : steps) {
      switch (step) {
        case 0 -> assertEquals(writer.sync(), writer.durableRevision());
        case 1 -> writer.roll();
        default -> {
          WalWorld.append(writer, last + 1, step - 1, 0);
          last += step - 1;
        }
      }
      // Not by syncs alone: old segments are forced so that they do not hold descriptors without end.
      durable[0] = writer.durableRevision();
    }
    return last;
  }

  @Property(tries = 300)
  void aPowerCutLeavesAPrefixWithAllThatWasForced(
      @ForAll @Size(max = 25) List<@IntRange(max = 5) Integer> steps,
      @ForAll @IntRange(min = 90, max = 600) int segmentBytesMax,
      @ForAll long seed)
      throws IOException {
    SimEnv env = new SimEnv(seed);
    WalWriter writer =
        WalWorld.writer(env.files(), env, segmentBytesMax, RecoveredLog.EMPTY, 0);
    long[] durable = new long[1];
    long last = run(writer, steps, durable);
    SplittableRandom random = new SplittableRandom(seed);
    for (CrashMode mode : CrashMode.all()) {
      Recovered recovered = WalWorld.replay(env.files().crash(random, mode), 0, 0);
      recovered.checkSalt(0);
      long got = recovered.log.lastRevision();
      assertEquals(WalWorld.range(1, got), recovered.revisions);
      assertTrue(got >= durable[0] && got <= last, mode + " left " + got);
    }
    assertEquals(WalWorld.range(1, last), WalWorld.replay(env.files().kill(), 0, 0).revisions);
  }

  @Property(tries = 300)
  void damageIsAPrefixOrARefusalAndNeverAnotherRecord(
      @ForAll @Size(min = 1, max = 20) List<@IntRange(max = 5) Integer> steps,
      @ForAll @Size(min = 1, max = 6) List<@IntRange(max = 1_000_000) Integer> places,
      @ForAll @IntRange(min = 1, max = 255) int mask)
      throws IOException {
    SimEnv env = new SimEnv(1);
    WalWriter writer = WalWorld.writer(env.files(), env, 300, RecoveredLog.EMPTY, 0);
    writer.start();
    long[] durable = new long[1];
    run(writer, steps, durable);
    List<WalSegment> segments = writer.segments();
    SimFileSystem image = WalWorld.planted(env, segments, env.files());
    for (int place : places) {
      WalSegment segment = segments.get(place % segments.size());
      image.corrupt(
          WalWorld.DIRECTORY.resolve(segment.fileName()), place % segment.length(), mask);
    }
    try {
      Recovered recovered = WalWorld.replay(image, 0, 0);
      recovered.checkSalt(0);
      assertEquals(
          WalWorld.range(1, recovered.log.lastRevision()), recovered.revisions);
    } catch (CorruptionException e) {
      assertTrue(e.offset() >= 0 && WalFiles.number(e.file()) > 0);
      if (durable[0] == 0) {
        throw new AssertionError("nothing was forced, so nothing can be known to be lost", e);
      }
    }
  }
}
