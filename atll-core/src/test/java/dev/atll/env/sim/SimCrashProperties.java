package dev.atll.env.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Crash images of random histories, judged by an independent model. */
class SimCrashProperties {
  private static final long SEED = Long.getLong("atll.seed", 1);
  private static final int HISTORIES = Integer.getInteger("atll.histories", 150);
  private static final int STEPS = 120;

  @Test
  void everyImageIsOneThatACrashMayLeave() throws IOException {
    Set<String> kinds = new TreeSet<>();
    for (long seed = SEED; seed < SEED + HISTORIES; seed++) {
      int step = 0;
      try {
        CrashModel model = new CrashModel(seed);
        SplittableRandom modes = new SplittableRandom(seed);
        for (; step < STEPS; step++) {
          model.step();
          for (int i = 0; i < 3; i++) {
            kinds.add(model.crashAndCheck(CrashMode.any(modes)));
          }
        }
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError(
            "replay: -Dtest=SimCrashProperties -Datll.histories=1 -Datll.seed=" + seed
                + " (step " + step + ")", e);
      }
    }
    if (HISTORIES < 100) {
      return;
    }
    // Images with every mix of files cut, kept in part, with holes and whole: the modes are real.
    assertEquals(16, kinds.size(), kinds.toString());
  }

  @Test
  void theSameSeedGivesTheSameHistory() throws IOException {
    List<Long> hashes = new ArrayList<>();
    for (long seed : new long[] {SEED, SEED, SEED + 1}) {
      CrashModel model = new CrashModel(seed);
      for (int step = 0; step < STEPS; step++) {
        model.step();
      }
      hashes.add(model.fs().traceHash());
    }
    assertEquals(hashes.get(0), hashes.get(1));
    assertNotEquals(hashes.get(0), hashes.get(2));
  }
}
