package dev.atll.bench.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.bench.workload.Distributions;
import dev.atll.bench.workload.KeyDistribution;
import dev.atll.bench.workload.Random64;
import dev.atll.bench.workload.ShiftingHotSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class SimCacheTest {
  private static final long KEYS = 20_000;
  private static final ShiftingHotSet HOT_GETS =
      new ShiftingHotSet(1, 0, 1, 0.1, 0.9, 0, 0, 0.1);
  private static final ShiftingHotSet HOT_READS =
      new ShiftingHotSet(0.6, 0.5, 10, 0.1, 0.9, 0, 0, 0.1);
  private static final double SLOW_NANOS = 100_000;
  private static final double DATA = KEYS * SimSettings.defaults().entry().table();

  private static SimSettings.Builder settings() {
    return SimSettings.defaults().toBuilder().memtableBytes(128 << 10);
  }

  private static SimResult run(SimSettings settings, SimLoad load) {
    Simulator simulator = new Simulator(settings, load, 100_000);
    simulator.load();
    simulator.run(50_000);
    simulator.beginMeasuring();
    simulator.run(50_000);
    return simulator.result();
  }

  private static SimResult run(double memoryBytes, boolean pages, String workload) {
    SimMemory memory = new SimMemory((long) memoryBytes, pages, SLOW_NANOS);
    return run(settings().memory(memory).build(), SimLoad.named(workload, KEYS, HOT_GETS));
  }

  @Test
  void whatFitsIsAsIfMemoryHadNoEnd() {
    SimLoad load = SimLoad.named("shifting-hotset", KEYS, HOT_READS);
    SimResult without = run(settings().sample(1).build(), load);
    SimResult fits =
        run(settings().memory(new SimMemory((long) (4 * DATA), true, SLOW_NANOS)).build(), load);
    assertEquals(SimReport.toMap(without), SimReport.toMap(fits));
    assertEquals(0, fits.misses().asked());
  }

  @Test
  void withoutMemoryEveryBlockIsReadFromTheDevice() {
    for (String workload : List.of("get-uniform", "get-zipf")) {
      SimResult r = run(0, true, workload);
      assertTrue(r.misses().asked() >= 50_000, workload);
      assertEquals(r.misses().asked(), r.misses().missed(), workload);
      assertEquals(r.misses().asked(), r.misses().fromDevice(), workload);
      assertEquals(
          SLOW_NANOS * r.blocksPerGet(), r.misses().waitNanosPerRead(), 1, workload);
    }
  }

  @Test
  void moreMemoryMissesLess() {
    for (String workload : List.of("get-uniform", "get-zipf", "shifting-hotset", "scan-10")) {
      double before = 1.001;
      double readsBefore = Double.POSITIVE_INFINITY;
      for (double part : new double[] {0.1, 0.3, 0.8}) {
        SimResult.Misses misses = run(part * DATA, true, workload).misses();
        String told = workload + " with memory for " + part;
        assertTrue(misses.missRatio() < before, told);
        assertTrue(misses.fromDevice() < readsBefore, told);
        assertTrue(misses.fromDevice() < misses.missed(), told);
        before = misses.missRatio();
        readsBefore = misses.fromDevice();
      }
    }
  }

  /** Evenly asked, a cache has the share of the blocks that it has room for; unevenly, more. */
  @Test
  void hotBlocksStay() {
    assertEquals(0.88, run(0.5 * DATA, false, "get-uniform").misses().missRatio(), 0.03);
    assertTrue(run(0.5 * DATA, false, "get-zipf").misses().missRatio() < 0.6);
    // A tenth of the keys has nine tenths of the gets, and a ninth of the blocks a frame, in four sets.
    assertTrue(run(0.5 * DATA, false, "shifting-hotset").misses().missRatio() < 0.2);
  }

  /** The figures are those of the engine's frames in decision 0120. */
  @Test
  void framesKeepWhatTheEnginesKeep() {
    assertEquals(0.250, hits(0.25, Distributions.uniform(200_000)), 0.01);
    assertEquals(0.783, hits(0.10, Distributions.zipf(200_000, 0.99)), 0.01);
    assertEquals(0.866, hits(0.25, Distributions.zipf(200_000, 0.99)), 0.01);
  }

  private static double hits(double part, KeyDistribution blocks) {
    SimFrames frames = new SimFrames((long) (part * 200_000 * (4096 + 32)));
    Random64 random = new Random64(1);
    int hits = 0;
    for (int i = 0; i < 2_000_000; i++) {
      boolean here = frames.ask(blocks.next(random) + 1);
      hits += here && i >= 1_000_000 ? 1 : 0;
    }
    return hits / 1e6;
  }

  @Test
  void pagesHoldWhatWasAskedForLast() {
    SimPages pages = new SimPages(2);
    assertFalse(pages.ask(1));
    assertFalse(pages.ask(2));
    assertTrue(pages.ask(1));
    assertFalse(pages.ask(3));
    assertTrue(pages.ask(1));
    assertFalse(pages.ask(2));
    pages.forget(1);
    assertFalse(pages.ask(1));
  }

  /** The same load: where blocks take long, slots that are read keep fewer runs. */
  @Test
  void beyondMemoryReadsMeetFewerRuns() {
    SimLoad load = SimLoad.named("shifting-hotset", KEYS, HOT_READS);
    SimResult inMemory = run(settings().build(), load);
    SimResult fast =
        run(settings().memory(new SimMemory((long) (DATA / 8), false, 0)).build(), load);
    SimResult slow =
        run(settings().memory(new SimMemory((long) (DATA / 8), false, SLOW_NANOS)).build(), load);
    assertEquals(inMemory.runsPerSeek(), fast.runsPerSeek(), 0.1 * inMemory.runsPerSeek());
    assertTrue(
        slow.runsPerSeek() < 0.9 * inMemory.runsPerSeek(),
        () -> slow.runsPerSeek() + " runs per seek, in memory " + inMemory.runsPerSeek());
    assertTrue(slow.compactionPart() > inMemory.compactionPart());
    assertTrue(slow.misses().waitNanosPerRead() > 0);
  }
}
