package dev.atll.bench.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.bench.sim.SimSettings;
import dev.atll.bench.workload.ShiftingHotSet;
import org.junit.jupiter.api.Test;

class LawModelTest {
  private static final long KEYS = 300_000;

  @Test
  void loadsOfTheFamilyHaveTheOverlapAskedFor() {
    for (double overlap : new double[] {1, 0.9, 0.6, 0.3}) {
      assertEquals(overlap, LawModel.withOverlap(overlap).similarity(), 1e-6);
    }
  }

  @Test
  void partsShareOutAllReadsAndWrites() {
    for (double overlap : new double[] {0, 0.4, 1}) {
      double writes = 0;
      double reads = 0;
      double similarity = 0;
      ShiftingHotSet hot = new ShiftingHotSet(0.5, 0.2, 20, 0.1, 0.8, overlap, 0, 0.6);
      for (double[] part : LawModel.parts(hot)) {
        writes += part[0];
        reads += part[1];
        similarity += Math.sqrt(part[0] * part[1]);
      }
      assertEquals(1, writes, 1e-12);
      assertEquals(1, reads, 1e-12);
      assertEquals(hot.similarity(), similarity, 1e-12);
    }
  }

  /** Away from the bounds of K, 2√(a·b) of each range add up to BC of what one K costs. */
  @Test
  void withoutBoundsTheRatioIsTheOverlap() {
    SimSettings settings = SimSettings.defaults().toBuilder().fanout(1000).build();
    for (double overlap : new double[] {1, 0.7, 0.4}) {
      double share = LawModel.withOverlap(overlap).hotShare();
      ShiftingHotSet scans = new ShiftingHotSet(0.5, 1, 20, 0.1, share, 0, 0, share);
      LawModel law = LawModel.of(scans, settings, KEYS, 0.01);
      double flush = 0.5 * settings.entry().table() * settings.costs().writeByteNanos();
      double firstRuns = law.fixed() - flush;
      assertEquals(overlap, (law.apart() + firstRuns) / (law.alike() + firstRuns), 1e-6);
    }
  }

  @Test
  void nothingIsSavedWhereNothingTellsRangesApart() {
    SimSettings settings = SimSettings.defaults().toBuilder().fanout(10).build();
    assertEquals(0, LawModel.of(LawModel.withOverlap(1), settings, KEYS, 0.01).saving(), 1e-9);
    double last = 0;
    for (double overlap : new double[] {0.9, 0.7, 0.5, 0.3}) {
      double saving = LawModel.of(LawModel.withOverlap(overlap), settings, KEYS, 0.01).saving();
      assertTrue(saving > last && saving < 1 - overlap, saving + " at " + overlap);
      last = saving;
    }
  }

  @Test
  void levelsAreThoseThatTheDataFill() {
    assertEquals(1, LawModel.levels(4, 1, 4));
    assertEquals(2, LawModel.levels(5, 1, 4));
    assertEquals(2, LawModel.levels(20, 1, 4));
    assertEquals(3, LawModel.levels(84, 1, 4));
    assertEquals(4, LawModel.levels(85, 1, 4));
  }

  @Test
  void whatPredictionsExplain() {
    double[] measured = {1, 2, 3};
    assertEquals(1, LawStudy.explained(new double[] {1, 2, 3}, measured), 1e-12);
    assertEquals(0, LawStudy.explained(new double[] {2, 2, 2}, measured), 1e-12);
    // Right in order and slope, but all too high by two: worse than the mean.
    assertEquals(-5, LawStudy.explained(new double[] {3, 4, 5}, measured), 1e-12);
  }
}
