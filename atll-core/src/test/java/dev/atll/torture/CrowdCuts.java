package dev.atll.torture;

import dev.atll.Atll;
import dev.atll.api.AtllDb;
import dev.atll.api.Durability;
import dev.atll.api.Options;
import dev.atll.env.Env;
import dev.atll.env.EnvWithFiles;
import dev.atll.env.fault.LateFiles;
import dev.atll.env.sim.CrashMode;
import dev.atll.env.sim.SimEnv;
import dev.atll.env.sim.SimFileSystem;
import dev.atll.observe.Observer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * A crowd of real threads on simulated files that take their time. The power goes while they write,
 * many times; what the store had called durable by then has to be in each image, and of each writer
 * nothing but a beginning of what it wrote.
 */
final class CrowdCuts {
  private static final Path DIRECTORY = Path.of("/crowd");
  private static final int LIVES = 2;
  private static final int CUTS = 6;

  /** What a cut left, and what has to be in it. */
  private record Image(SimFileSystem files, long durable, long[] promised) {}

  private CrowdCuts() {}

  /** Any, or those with which something begins or ends at each moment: segments, memtables, syncs. */
  private static Options options(SplittableRandom random) {
    if (random.nextInt(3) == 0) {
      return OptionSet.any(random).options();
    }
    return Options.builder()
        .memtableBytes(random.nextBoolean() ? 16 << 10 : 1 << 20)
        .memtablesMax(8)
        .slotBytes(4 << 10)
        .walSegmentBytes(4096)
        .walCollectInterval(Duration.ofMillis(20))
        .durability(Durability.INTERVAL)
        .syncInterval(Duration.ofMillis(1))
        .compactionJobs(2)
        .levelZeroMax(100)
        .blockBytes(512)
        .spaceReserveBytes(0)
        .build();
  }

  /** Runs one, for about so many milliseconds each time that the store is open. */
  static void run(long seed, int millis, Figures figures) throws InterruptedException {
    SplittableRandom random = new SplittableRandom(seed);
    SimFileSystem files = new SimEnv(seed).files();
    long[] there = new long[1 << random.nextInt(5)];
    for (int life = 0; life < LIVES; life++) {
      List<Image> images = new ArrayList<>();
      Env env = new EnvWithFiles(Env.system(), LateFiles.atRandom(files));
      try (AtllDb db =
          Atll.open(DIRECTORY, options(random), Observer.none(), env)) {
        Crowd crowd = new Crowd(db, random.nextLong(), there, false);
        SimFileSystem now = files;
        crowd.run(
            () -> {
              for (int cut = 0; cut < CUTS; cut++) {
                LockSupport.parkNanos(millis * 1_000_000L / CUTS);
                // In this order: what is durable now, and was acknowledged, is in the image.
                long durable = db.durableRevision();
                long[] promised = crowd.ackedUpTo(durable);
                images.add(new Image(now.crash(random, CrashMode.any(random)), durable, promised));
              }
            });
      } finally {
        env.workers().close();
      }
      for (Image image : images) {
        try (AtllDb db =
            Atll.open(
                DIRECTORY,
                OptionSet.any(random).options(),
                Observer.none(),
                new SimEnv(random.nextLong(), image.files))) {
          there = Crowd.verify(db, image.promised);
        } catch (RuntimeException | AssertionError e) {
          throw new AssertionError("cut at durable revision " + image.durable + ": " + e, e);
        }
        figures.images++;
      }
      files = images.getLast().files;
    }
  }
}
