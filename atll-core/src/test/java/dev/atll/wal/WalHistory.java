package dev.atll.wal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.api.WriteBatch;
import dev.atll.env.OutOfSpaceException;
import dev.atll.env.sim.CrashMode;
import dev.atll.env.sim.SimEnv;
import dev.atll.env.sim.SimFileSystem;
import dev.atll.env.sim.SimulatedCrash;
import dev.atll.wal.WalWorld.Recovered;
import java.io.IOException;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * A seeded life of a log: appends, forces, rolls, flushes, full disks, ends of the process and power
 * cuts at any call, each followed by a recovery that is held against a model.
 *
 * <p>The model knows each acked revision with its batch, what is durable and what is flushed. After
 * a power cut the log must hold a prefix of it, with at least the durable ones; after the end of the
 * process, all of it. The group that was under way may be there or not, as a whole.
 */
final class WalHistory {
  private final SplittableRandom random;
  private final long seed;
  private final long segmentBytesMax;

  private SimFileSystem files;
  private SimEnv env;
  private WalWriter writer;
  private int lives;
  private boolean started;

  // The model. What the manifest of an engine would hold is durable at once.
  private final TreeMap<Long, byte[]> acked = new TreeMap<>();
  private final TreeMap<Long, byte[]> underWay = new TreeMap<>();
  private long durable;
  private long flushed;
  private long firstSegment;
  private long reserved;

  long recoveries;
  long cuts;
  long fullDisks;
  long carried;

  WalHistory(long seed) throws IOException {
    this.seed = seed;
    random = new SplittableRandom(seed);
    segmentBytesMax = random.nextInt(100, 2_000);
    env = new SimEnv(seed);
    files = env.files();
    writer = WalWorld.writer(files, env, segmentBytesMax, RecoveredLog.EMPTY, 0);
  }

  void run(int lifeCount) throws IOException {
    for (int life = 0; life < lifeCount; life++) {
      boolean crashed = false;
      // Often early, so that the start itself is cut off at each of its calls.
      long fatal =
          switch (random.nextInt(3)) {
            case 0 -> Long.MAX_VALUE;
            case 1 -> 1 + random.nextInt(10);
            default -> 1 + random.nextInt(60);
          };
      long[] left = {fatal};
      files.setHook(
          (kind, name) -> {
            if (--left[0] == 0) {
              throw new SimulatedCrash("planned");
            }
          });
      try {
        if (random.nextBoolean()) {
          writer.start();
          started = true;
          durable = Math.max(durable, last());
          assertEquals(last(), writer.durableRevision());
        }
        for (int steps = random.nextInt(1, 60); steps > 0; steps--) {
          step();
        }
        if (random.nextInt(4) == 0) {
          files.setCapacity(Long.MAX_VALUE);
          writer.close();
          durable = Math.max(durable, writer.durableRevision());
        }
      } catch (SimulatedCrash e) {
        crashed = true;
      }
      files.setHook(null);
      restart(random.nextInt(3) == 0, crashed);
    }
  }

  private long last() {
    return acked.isEmpty() ? flushed : Math.max(flushed, acked.lastKey());
  }

  private void step() throws IOException {
    switch (random.nextInt(12)) {
      case 0 -> {
        try {
          durable = Math.max(durable, writer.sync());
          assertEquals(last(), writer.durableRevision());
        } catch (OutOfSpaceException e) {
          assertTrue(!started && !writer.isFailed());
          fullDisks++;
        }
      }
      case 1 -> {
        if (random.nextBoolean()) {
          try {
            writer.roll();
            started = true;
          } catch (OutOfSpaceException e) {
            fullDisks++;
          }
        }
      }
      case 2 -> flush();
      case 3 ->
          files.setCapacity(
              random.nextInt(3) == 0
                  ? files.usedBytes() + random.nextInt(300)
                  : Long.MAX_VALUE);
      default -> append();
    }
  }

  private void append() throws IOException {
    long salt = random.nextInt(1000);
    // Sometimes with a gap, as after an unclean stop with reserved revisions.
    long first = Math.max(last(), reserved) + (random.nextInt(10) == 0 ? random.nextInt(1, 9) : 1);
    CommitGroup group = new CommitGroup();
    underWay.clear();
    int batches = random.nextInt(1, 4);
    for (int i = 0; i < batches; i++) {
      byte[] batch = WalWorld.bytes(WalWorld.batch(first + i, salt));
      if (random.nextInt(200) == 0) {
        // Written in parts.
        batch = WalWorld.bytes(new WriteBatch().put(new byte[] {1}, new byte[70_000]));
      }
      underWay.put(first + i, batch);
      group.add(batch, 0, batch.length);
    }
    try {
      writer.append(first, group);
      acked.putAll(underWay);
      started = true;
    } catch (OutOfSpaceException e) {
      fullDisks++;
      assertTrue(!writer.isFailed());
    }
    underWay.clear();
  }

  /** Some revisions reach the tables, ahead of the log's durability too; then the log shrinks. */
  private void flush() throws IOException {
    if (acked.isEmpty()) {
      return;
    }
    long target = acked.lastKey();
    if (random.nextBoolean()) {
      target = acked.floorKey(acked.firstKey() + random.nextLong(target - acked.firstKey() + 1));
    }
    if (target <= flushed) {
      return;
    }
    flushed = target;
    durable = Math.max(durable, flushed);
    acked.headMap(flushed, true).clear();
    firstSegment = Math.max(firstSegment, writer.firstNeededSegment(flushed + 1));
    if (random.nextBoolean()) {
      writer.collect(flushed + 1);
    }
  }

  private void restart(boolean kill, boolean crashed) throws IOException {
    reserved = Math.max(last(), underWay.isEmpty() ? 0 : underWay.lastKey());
    CrashMode mode = CrashMode.any(random);
    files = kill ? files.kill() : files.crash(random, mode);
    env = new SimEnv(seed + ++lives, files);
    Recovered recovered;
    try {
      recovered = WalWorld.replay(files, firstSegment, flushed);
    } catch (RuntimeException e) {
      throw new AssertionError(
          "refused after " + (kill ? "kill" : mode) + " in life " + lives + ": " + this, e);
    }
    recoveries++;
    if (recovered.log.tailCut() != null) {
      cuts++;
    }
    // Acked ones first, in order; then perhaps the whole group that was under way.
    TreeMap<Long, byte[]> possible = new TreeMap<>(acked);
    if (crashed) {
      possible.putAll(underWay);
    }
    int i = 0;
    for (long revision : recovered.revisions) {
      Long want = possible.higherKey(i == 0 ? flushed : recovered.revisions.get(i - 1));
      assertEquals(want, revision, () -> "hole, or an invented revision: " + this);
      assertArrayEquals(possible.get(revision), recovered.batches.get(i++));
    }
    long got = recovered.revisions.isEmpty() ? flushed : recovered.revisions.getLast();
    long least = kill ? last() : durable;
    assertTrue(
        got >= least, () -> "recovered up to " + got + ", promised " + least + ": " + this);
    if (!underWay.isEmpty() && got >= underWay.firstKey()) {
      assertEquals(underWay.lastKey(), got, "part of a group");
    }
    acked.clear();
    for (int n = 0; n < recovered.revisions.size(); n++) {
      acked.put(recovered.revisions.get(n), recovered.batches.get(n));
    }
    underWay.clear();
    writer = WalWorld.writer(files, env, segmentBytesMax, recovered.log, flushed);
    started = false;
    if (recovered.log.lastRevision() > Math.max(recovered.log.durableRevision(), flushed)) {
      carried++;
    }
    // Only after the next start is what was read durable again; a crash may come before.
    durable = Math.min(durable, got);
  }

  @Override
  public String toString() {
    return "seed %d, durable %d, flushed %d, acked %s, under way %s, first segment %d"
        .formatted(seed, durable, flushed, acked.keySet(), underWay.keySet(), firstSegment);
  }
}
