package dev.atll.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RunListTest {
  private static RunFacts run(Random random) {
    return new RunFacts(
        random.nextInt(), random.nextInt(1 << 20), 1 + random.nextInt(9_000), random.nextInt(50),
        random.nextInt(1001), random.nextInt(1_000), false, random.nextInt(1001),
        random.nextInt(1_000), random.nextInt(100), random.nextInt(100), random.nextInt(10),
        random.nextInt(500), random.nextInt(100_000));
  }

  private static SlotFacts slot(List<RunFacts> runs) {
    return new SlotFacts(1, 0, 1, false, true, 0, 0, 1, 2, 3, runs);
  }

  @Test
  void sumsAreThoseOfTheRuns() {
    Random random = new Random(7);
    for (int count = 0; count < 9; count++) {
      List<RunFacts> runs = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        runs.add(run(random));
      }
      SlotFacts slot = slot(runs);
      for (int first = 0; first < count; first++) {
        for (int last = first; last < count; last++) {
          long bytes = runs.subList(first, last + 1).stream().mapToLong(RunFacts::bytes).sum();
          assertEquals(bytes, slot.bytes(first, last));
        }
        assertEquals(0, slot.bytes(first, first - 1));
      }
      RunList list = slot.runList();
      double stored = 0;
      double overwritten = 0;
      int dead = 0;
      long pair = Long.MAX_VALUE;
      for (int i = 0; i < count; i++) {
        stored += runs.get(i).bytes() + runs.get(i).fileDeadBytes();
        dead = Math.max(dead, runs.get(i).fileDeadPermille());
        if (i + 1 < count) {
          overwritten += runs.get(i).overwrittenBytes();
          pair = Math.min(pair, runs.get(i).bytes() + runs.get(i + 1).bytes());
        }
      }
      assertEquals(runs.stream().mapToLong(RunFacts::bytes).sum(), slot.bytes());
      assertEquals(stored, list.storedBytes);
      assertEquals(overwritten, list.overwrittenBytes);
      assertEquals(dead, list.fileDeadPermilleMost);
      assertEquals(pair, list.pairBytesLeast);
      assertEquals(runs.stream().mapToLong(RunFacts::probes).sum(), list.probes);
      assertEquals(runs.stream().mapToLong(RunFacts::falsePositives).sum(), list.falsePositives);
      double missed = runs.stream().mapToDouble(r -> (double) r.missNanos() * r.bytes()).sum();
      assertEquals(count == 0 ? 0 : missed / slot.bytes(), slot.missNanos(), 1e-6);
      assertEquals(runs, slot.runs());
    }
  }

  @Test
  void laterChangesOfAGivenListAreNotSeenAndASlotsListIsNotCopied() {
    List<RunFacts> runs = new ArrayList<>(List.of(run(new Random(1))));
    SlotFacts slot = slot(runs);
    runs.clear();
    assertEquals(1, slot.runs().size());
    assertSame(slot.runs(), slot(slot.runs()).runs());
  }

  @Test
  void aLevelKnowsBytesRunsAndLeasesOfItsSlots() {
    Random random = new Random(3);
    SlotFacts some = slot(List.of(run(random), run(random)));
    SlotFacts none = slot(List.of());
    SlotFacts leased = new SlotFacts(1, 0, 1, true, true, 0, 0, 1, 2, 3, List.of());
    assertEquals(some.bytes() * 2, new LevelFacts(1, 1, 1, List.of(some, none, some)).bytes());
    for (List<SlotFacts> slots :
        List.of(List.<SlotFacts>of(), List.of(none), List.of(none, some), List.of(leased, none))) {
      LevelFacts level = new LevelFacts(1, 1, 1, slots);
      assertEquals(slots.contains(some), level.hasRuns());
      assertEquals(slots.contains(leased), level.hasLeases());
    }
  }
}
