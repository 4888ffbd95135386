package dev.atll.bench.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.bench.workload.KeyOrder;
import dev.atll.bench.workload.ShiftingHotSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class SimulatorTest {
  private static final long KEYS = 20_000;
  private static final ShiftingHotSet HOT = new ShiftingHotSet(0.5, 0.2, 20, 0.1, 0.9, 0, 0, 0.1);
  private static final List<String> POLICIES =
      List.of("atll", "leveled", "tiered", "lazy", "fluid:K=2,Z=1", "binomial:k=3", "flsm", "spec");

  private static SimSettings.Builder settings(String policy) {
    return SimSettings.defaults().toBuilder().policy(policy).memtableBytes(128 << 10);
  }

  private static SimResult run(SimSettings settings, SimLoad load, double ops) {
    Simulator simulator = new Simulator(settings, load, 2 * ops);
    if (load.loaded()) {
      simulator.load();
    }
    simulator.run(ops);
    simulator.beginMeasuring();
    simulator.run(ops);
    simulator.settle();
    return simulator.result();
  }

  private static SimLoad hot() {
    return SimLoad.named("shifting-hotset", KEYS, HOT);
  }

  @Test
  void theSameSeedGivesTheSameFigures() {
    for (String policy : POLICIES) {
      SimSettings settings = settings(policy).build();
      SimResult first = run(settings, hot(), 60_000);
      assertEquals(SimReport.toMap(first), SimReport.toMap(run(settings, hot(), 60_000)), policy);
      SimSettings other = settings.toBuilder().seed(2).build();
      assertNotEquals(
          first.readNanosPerOp(), run(other, hot(), 60_000).readNanosPerOp(), 1e-9, policy);
    }
  }

  /** Without overwrites each entry that was flushed is in exactly one run, whatever was merged. */
  @Test
  void entriesAreConserved() {
    SimLoad load = SimLoad.named("insert-only", KEYS, HOT);
    for (String policy : POLICIES) {
      SimSettings settings = settings(policy).build();
      Simulator simulator = new Simulator(settings, load, 60_000);
      simulator.run(60_000);
      simulator.settle();
      SimResult r = simulator.result();
      double shown = r.levels().stream().mapToDouble(SimResult.LevelShape::bytes).sum();
      double flushed = r.flushPart() * r.userBytes();
      assertEquals(60_000 * settings.entry().table(), flushed, 0.01 * flushed, policy);
      assertEquals(flushed, shown, 0.01 * flushed, policy);
      double written = r.compactionPart() * r.userBytes();
      assertTrue(written > 0, policy);
      assertEquals(written, read(r, settings), 0.01 * written, policy);
    }
  }

  /** What compactions read, from the price of all that was moved. */
  private static double read(SimResult r, SimSettings settings) {
    double nanos = r.writeNanosPerOp() * r.ops();
    double written = (r.flushPart() + r.compactionPart()) * r.userBytes();
    return (nanos - written * settings.costs().writeByteNanos()) / settings.costs().readByteNanos();
  }

  /** What one look offers hangs together: after each action the policy is asked anew. */
  @Test
  void oneLookServesOneAction() {
    SimLoad appends = SimLoad.named("append-scan", KEYS, HOT);
    for (String policy : POLICIES) {
      SimResult r = run(settings(policy).build(), appends, 60_000);
      assertTrue(r.moves() + r.splits() > 20, policy);
      assertTrue(
          r.looks() >= r.moves() + r.splits() + r.jobs(),
          "%s: %d looks".formatted(policy, r.looks()));
    }
  }

  @Test
  void keysInOrderTakeLessOfATable() {
    SimSettings settings = settings("tiered").build();
    SimLoad random = SimLoad.named("insert-only", KEYS, HOT);
    double dense = flushedPerEntry(settings, random.in(KeyOrder.ORDERED));
    assertEquals(settings.entry().table(), flushedPerEntry(settings, random), 0.01);
    assertEquals(settings.entry().in(KeyOrder.ORDERED).table(), dense, 0.01);
    assertTrue(dense < settings.entry().user(), "as the engine's");
  }

  private static double flushedPerEntry(SimSettings settings, SimLoad load) {
    Simulator simulator = new Simulator(settings, load, 20_000);
    simulator.run(20_000);
    SimResult r = simulator.result();
    return r.flushPart() * r.userBytes() / 20_000;
  }

  /** With overwrites merges write less than they read, and what is stored stays within its bound. */
  @Test
  void overwrittenEntriesGo() {
    SimLoad load = SimLoad.named("put", KEYS, HOT);
    for (String policy : POLICIES) {
      SimSettings settings = settings(policy).build();
      SimResult r = run(settings, load, 60_000);
      assertTrue(read(r, settings) > 1.02 * r.compactionPart() * r.userBytes(), policy);
      assertTrue(r.spaceAmplification() >= 1 - 1e-3, policy + " " + r.spaceAmplification());
      assertTrue(r.spaceAmplification() < 2, policy + " " + r.spaceAmplification());
      double live = KEYS * settings.entry().table();
      double shown = r.levels().stream().mapToDouble(SimResult.LevelShape::bytes).sum();
      assertTrue(shown > 0.99 * live && shown < 2 * live, policy + " shows " + shown / live);
    }
  }

  @Test
  void fewerRunsCostMoreWrites() {
    SimResult leveled = run(settings("leveled").build(), hot(), 100_000);
    SimResult tiered = run(settings("tiered").spaceAmplificationMax(10).build(), hot(), 100_000);
    assertTrue(leveled.writeAmplification() > tiered.writeAmplification());
    assertTrue(leveled.runsPerSeek() < tiered.runsPerSeek());
  }

  @Test
  void filtersSaveBlocks() {
    SimLoad misses = SimLoad.mix("misses", KEYS, 0.5, 0, 0, 0, 0.5, 0);
    SimResult with = run(settings("tiered").build(), misses, 60_000);
    SimResult without = run(settings("tiered").filterBitsPerKey(0).build(), misses, 60_000);
    assertEquals(
        Simulator.falsePositiveRate(10) * with.probesPerMiss(), with.blocksPerMiss(), 0.05);
    assertEquals(without.probesPerMiss(), without.blocksPerMiss(), 1e-9);
  }

  /** Theta is drawn anew each epoch, the same way with the same seed. */
  @Test
  void aLearnerMovesThetaAndIsRepeatable() {
    SimSettings.Builder base = settings("atll").heatHalfLifeOps(5_000);
    SimResult off = run(base.build(), hot(), 150_000);
    for (String learner : List.of("linucb", "thompson")) {
      SimSettings settings = base.learner(learner).build();
      SimResult first = run(settings, hot(), 150_000);
      assertNotEquals(off.writeNanosPerOp(), first.writeNanosPerOp(), 1e-9, learner);
      assertEquals(SimReport.toMap(first), SimReport.toMap(run(settings, hot(), 150_000)), learner);
    }
  }

  /** Merges for reads are dear while the budget binds, as in the engine, and cheap without one. */
  @Test
  void aBudgetThatBindsRaisesTheThreshold() {
    SimSettings free = settings("atll").build();
    SimSettings.Device device = free.device();
    SimSettings bound =
        free.toBuilder()
            .device(
                new SimSettings.Device(
                    device.writeNanos(), device.getNanos(), device.scanNanos(),
                    device.jobBytesPerSecond(), device.jobNanos(), 4e6))
            .build();
    Simulator without = simulated(free, hot(), 60_000);
    Simulator with = simulated(bound, hot(), 60_000);
    assertEquals(0, without.terms().price());
    assertEquals(1, without.terms().threshold(1));
    assertTrue(with.terms().threshold(1) > 1.5, () -> "price " + with.terms().price());
    assertTrue(
        with.result().compactionPart() < without.result().compactionPart(),
        () -> with.result().compactionPart() + " against " + without.result().compactionPart());
  }

  /** Slots are treated alike where nothing can be gained, if that is wanted. */
  @Test
  void slotsAreTreatedAlikeWhileItPays() {
    SimLoad even = SimLoad.mix("even", KEYS, 0.3, 0, 0, 0.5, 0, 0.2);
    SimSettings fallsBack = settings("atll").staticFallback(true).build();
    Simulator alike = simulated(fallsBack, even, 60_000);
    assertTrue(!alike.terms().isAdaptive());
    assertTrue(alike.terms().uniformRuns().stream().allMatch(runs -> runs >= 1));
    assertTrue(!alike.terms().uniformRuns().isEmpty());
    assertTrue(simulated(settings("atll").build(), even, 60_000).terms().isAdaptive());
    assertTrue(simulated(fallsBack, hot(), 60_000).terms().isAdaptive());
  }

  private static Simulator simulated(SimSettings settings, SimLoad load, double ops) {
    Simulator simulator = new Simulator(settings, load, ops);
    simulator.load();
    simulator.run(ops);
    return simulator;
  }
}
