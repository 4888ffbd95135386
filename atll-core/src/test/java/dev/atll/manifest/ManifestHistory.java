package dev.atll.manifest;

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

/** One store's manifests through many power cuts, without the rest of the store. */
public final class ManifestHistory {
  /** Power cuts of one history. */
  public static final int EPOCHS = 12;

  private static final Path DIRECTORY = Path.of("/store");

  private final SplittableRandom random;
  private final Random shapes;
  private SimFileSystem files;
  private final Set<Long> given = new HashSet<>();
  private String acked = "";
  private String possible = "";
  private boolean created;
  private int crashes;
  private int cuts;
  private int keptUnacked;

  /** Prepares it. */
  public ManifestHistory(long seed) {
    random = new SplittableRandom(seed);
    shapes = new Random(seed);
    files = new SimEnv(seed).files();
  }

  /** Lives through all epochs. */
  public void run() throws IOException {
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
        requireEqual(possible, found);
        keptUnacked++;
      }
      cuts += set.recovered().cutOffset() < 0 ? 0 : 1;
      acked = found;
    } else {
      if (created) {
        throw new AssertionError("the store is gone");
      }
      set = VersionSet.create(storage, 3, 7, options);
      acked = VersionText.shape(set.current());
    }
    possible = acked;
    created = true;
    RandomEdits edits = new RandomEdits(shapes, () -> number(set));
    while (true) {
      VersionEdit edit = edits.next(set.current());
      try {
        possible = VersionText.shape(set.current().apply(edit));
      } catch (IllegalArgumentException e) {
        continue; // drawn without regard to views narrower than their slots
      }
      set.install(edit);
      acked = possible;
      requireEqual(acked, VersionText.shape(set.current()));
    }
  }

  private long number(VersionSet set) {
    long number = set.nextNumber();
    if (!given.add(number)) {
      throw new AssertionError("number given twice: " + number);
    }
    return number;
  }

  /** Power cuts. */
  public int crashes() {
    return crashes;
  }

  /** Openings that found a torn tail. */
  int cuts() {
    return cuts;
  }

  /** Openings that found the edit under way. */
  int keptUnacked() {
    return keptUnacked;
  }

  private static void requireEqual(String expected, String found) {
    if (!expected.equals(found)) {
      throw new AssertionError("expected " + expected + ", found " + found);
    }
  }
}
