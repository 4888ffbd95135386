package dev.atll.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.env.Storage;
import dev.atll.env.sim.CrashMode;
import dev.atll.env.sim.SimEnv;
import dev.atll.env.sim.SimFileSystem;
import dev.atll.env.sim.SimulatedCrash;
import dev.atll.version.RandomEdits;
import dev.atll.version.VersionEdit;
import dev.atll.version.VersionText;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Power cuts before any call, during creation, recovery and rolls too, again and again on what the
 * one before left. {@code -Dseed=} starts at one, {@code -Druns=} many.
 */
final class ManifestCrashTest {
  private static final Long GIVEN = Long.getLong("seed");
  private static final long SEED = GIVEN == null ? 1 : GIVEN;
  private static final int RUNS = Integer.getInteger("runs", GIVEN == null ? 250 : 1);
  private static final int EPOCHS = 12;
  private static final Path DIRECTORY = Path.of("/store");

  /** One store through many power cuts. */
  private static final class History {
    private final SplittableRandom random;
    private final Random shapes;
    private SimFileSystem files;
    private final Set<Long> given = new HashSet<>();
    private String acked = "";
    private String possible = "";
    private boolean created;
    int crashes;
    int cuts;
    int keptUnacked;

    History(long seed) {
      random = new SplittableRandom(seed);
      shapes = new Random(seed);
      files = new SimEnv(seed).files();
    }

    void run() throws IOException {
      for (int epoch = 0; epoch < EPOCHS; epoch++) {
        int[] countdown = {random.nextInt(60)};
        files.setHook(
            (kind, name) -> {
              if (countdown[0]-- == 0) {
                throw new SimulatedCrash("planned before " + kind + " " + name);
              }
            });
        try {
          live();
        } catch (SimulatedCrash e) {
          crashes++;
        }
        files = files.crash(random, CrashMode.any(random));
      }
    }

    private void live() throws IOException {
      Storage storage = files.open(DIRECTORY, true);
      ManifestOptions options =
          new ManifestOptions(1 + random.nextInt(600), 1 + random.nextInt(10));
      VersionSet set;
      if (VersionSet.isPresent(storage)) {
        set = VersionSet.recover(storage, options);
        String found = VersionText.shape(set.current());
        if (created && !found.equals(acked)) {
          assertEquals(possible, found);
          keptUnacked++;
        }
        cuts += set.recovered().cutOffset() < 0 ? 0 : 1;
        acked = found;
      } else {
        assertTrue(!created, "the store is gone");
        set = VersionSet.create(storage, 3, 7, options);
        acked = VersionText.shape(set.current());
      }
      possible = acked;
      created = true;
      RandomEdits edits = new RandomEdits(shapes, () -> number(set));
      while (true) {
        VersionEdit edit = edits.next(set.current());
        possible = VersionText.shape(set.current().apply(edit));
        set.install(edit);
        acked = possible;
        assertEquals(acked, VersionText.shape(set.current()));
      }
    }

    private long number(VersionSet set) {
      long number = set.nextNumber();
      assertTrue(given.add(number), () -> "number given twice: " + number);
      return number;
    }
  }

  @Test
  void recoversTheLastInstalledTreeOrTheOneUnderWay() {
    int crashes = 0;
    int cuts = 0;
    int keptUnacked = 0;
    for (long seed = SEED; seed < SEED + RUNS; seed++) {
      History history = new History(seed);
      try {
        history.run();
      } catch (IOException | RuntimeException | AssertionError e) {
        throw new AssertionError("replay with -Dtest=ManifestCrashTest -Dseed=" + seed, e);
      }
      crashes += history.crashes;
      cuts += history.cuts;
      keptUnacked += history.keptUnacked;
    }
    if (RUNS > 100) {
      // The histories went where they should.
      assertEquals(RUNS * EPOCHS, crashes);
      assertTrue(cuts > crashes / 50, cuts + " cuts in " + crashes);
      assertTrue(keptUnacked > crashes / 50, keptUnacked + " kept in " + crashes);
    }
  }
}
