package dev.atll.torture;

import dev.atll.Atll;
import dev.atll.api.AtllDb;
import dev.atll.api.Options;
import dev.atll.env.Env;
import dev.atll.env.EnvWithFiles;
import dev.atll.env.OpKind;
import dev.atll.env.fault.Fault;
import dev.atll.env.fault.FaultFileSystem;
import dev.atll.env.fault.FaultRule;
import dev.atll.observe.Observer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Up to 64 writers on a real store, beside readers, flushes and merges, then closed, now and then
 * while they still write; and opened again with other options than those that wrote it, four times,
 * half of them on a device that is slow at times and gives less than asked. Every second one is on
 * simulated files, and the power goes: {@link CrowdCuts}.
 */
final class CrowdStage implements Stage {
  private static final int LIVES = 4;
  private static final int DELAYS = 20;

  @Override
  public boolean run(Campaign campaign) {
    for (long seed = campaign.firstSeed; campaign.goesOn(); seed++) {
      check(seed, 300, campaign.figures);
    }
    return false;
  }

  /** Runs one, for so many milliseconds each time that the store is open. */
  void check(long seed, int millis, Figures figures) {
    try {
      Path directory = Files.createTempDirectory("atll-crowd");
      try {
        if (seed % 2 == 0) {
          CrowdCuts.run(seed, millis, figures);
        } else {
          run(directory, seed, millis);
        }
        figures.concurrent++;
      } catch (RuntimeException | AssertionError e) {
        figures.wrong++;
        throw new AssertionError(
            "seed %d (the timing is not in it); replay: mvn test -pl atll-core -am -Dtest=CrowdTest -Dseed=%d%n%s"
                .formatted(seed, seed, e),
            e);
      } finally {
        delete(directory);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void run(Path directory, long seed, int millis) throws InterruptedException {
    SplittableRandom random = new SplittableRandom(seed);
    // One alone finds what nobody else would make good; and some are more than there are processors.
    long[] there = new long[1 << random.nextInt(7)];
    for (int life = 0; life < LIVES; life++) {
      Options options = OptionSet.any(random).options();
      boolean closedUnderThem = random.nextInt(3) == 0;
      AtllDb db = Atll.open(directory, options, Observer.none(), device(random));
      try {
        there = Crowd.verify(db, there);
        Crowd crowd = new Crowd(db, random.nextLong(), there, false);
        crowd.run(
            () -> {
              LockSupport.parkNanos(millis * 1_000_000L);
              if (closedUnderThem) {
                db.close();
              }
            });
        there = crowd.acked();
        if (!closedUnderThem) {
          there = Crowd.verify(db, there);
        }
      } finally {
        db.close();
      }
    }
    try (AtllDb db = Atll.open(directory)) {
      Crowd.verify(db, Arrays.copyOf(there, there.length));
    }
  }

  /** For half of the lives, one that is slow now and then and gives less than asked: as good as any. */
  private static Env device(SplittableRandom random) {
    FaultFileSystem files = new FaultFileSystem(Env.system().files());
    if (random.nextBoolean()) {
      for (int i = 0; i < DELAYS; i++) {
        Fault delay = new Fault.Delay(random.nextInt(5_000_000));
        files.add(FaultRule.once(OpKind.READ_BLOCK, 1 + random.nextInt(2000), delay));
      }
      Fault shortReads = Fault.shortReads(256 << random.nextInt(6));
      files.add(FaultRule.from(OpKind.READ_BLOCK, 1, shortReads));
    }
    return new EnvWithFiles(Env.system(), files);
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }
}
