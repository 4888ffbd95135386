package dev.atll.bench.workload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WorkloadsTest {
  private static final long KEYS = 1000;

  static List<String> names() {
    return Workloads.names();
  }

  private static List<String> draw(String name, long seed, int thread, int threads, int count) {
    OpSource source =
        Workloads.named(name).source(new WorkloadSettings(KEYS, threads, seed), thread);
    List<String> ops = new ArrayList<>();
    OpBuffer buffer = new OpBuffer(64);
    while (ops.size() < count) {
      source.fill(buffer, 64);
      if (buffer.size() == 0) {
        break;
      }
      for (int i = 0; i < buffer.size(); i++) {
        ops.add(buffer.kind(i) + " " + buffer.index(i) + " " + buffer.length(i));
      }
    }
    return ops;
  }

  @ParameterizedTest
  @MethodSource("names")
  void theSeedDecidesEverything(String name) {
    assertEquals(draw(name, 7, 0, 1, 2000), draw(name, 7, 0, 1, 2000));
    if (Workloads.named(name).loaded()) {
      assertNotEquals(draw(name, 7, 0, 1, 2000), draw(name, 8, 0, 1, 2000));
      assertNotEquals(draw(name, 7, 0, 2, 2000), draw(name, 7, 1, 2, 2000));
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void readsAndOverwritesConcernKeysThatExist(String name) {
    Workload workload = Workloads.named(name);
    OpSource source = workload.source(new WorkloadSettings(KEYS, 1, 3), 0);
    OpBuffer buffer = new OpBuffer(512);
    Set<Long> inserted = new HashSet<>();
    boolean wrote = false;
    for (int round = 0; round < 10; round++) {
      source.fill(buffer, 512);
      for (int i = 0; i < buffer.size(); i++) {
        OpKind kind = buffer.kind(i);
        wrote |= kind.writes();
        long index = buffer.index(i);
        if (kind == OpKind.INSERT) {
          assertTrue(inserted.add(index), "inserted twice: " + index);
          assertTrue(!workload.loaded() || index >= KEYS, "was there already: " + index);
        } else if (kind != OpKind.GET_ABSENT) {
          assertTrue(index >= 0 && (index < KEYS || inserted.contains(index)), "no key " + index);
        }
      }
    }
    assertEquals(workload.writes(), wrote);
  }

  @Test
  void loadsWriteEachKeyOnceWhateverTheThreads() {
    for (int threads = 1; threads <= 3; threads++) {
      Set<String> all = new HashSet<>();
      int count = 0;
      for (int thread = 0; thread < threads; thread++) {
        List<String> ops = draw("load-random", 1, thread, threads, Integer.MAX_VALUE);
        count += ops.size();
        all.addAll(ops);
      }
      assertEquals(KEYS, count);
      assertEquals(KEYS, all.size());
    }
  }

  @Test
  void mixesHoldTheirShares() {
    Map<OpKind, Integer> counts = new EnumMap<>(OpKind.class);
    OpSource source = Workloads.named("ycsb-e").source(new WorkloadSettings(KEYS, 1, 1), 0);
    OpBuffer buffer = new OpBuffer(1000);
    long entries = 0;
    for (int i = 0; i < 100; i++) {
      source.fill(buffer, 1000);
      for (int j = 0; j < buffer.size(); j++) {
        counts.merge(buffer.kind(j), 1, Integer::sum);
        entries += buffer.kind(j) == OpKind.SCAN ? buffer.length(j) : 0;
      }
    }
    assertEquals(0.95, counts.get(OpKind.SCAN) / 1e5, 0.01);
    assertEquals(50.5, (double) entries / counts.get(OpKind.SCAN), 0.5);
  }

  @Test
  void hotRangesMoveAfterEachPeriodAndStayApart() {
    ShiftingHotSet hot = new ShiftingHotSet(0.5, 0, 1, 0.1, 1, 0, 1000);
    OpSource source =
        Workloads.named("shifting-hotset").source(new WorkloadSettings(100_000, 1, 1, hot), 0);
    OpBuffer buffer = new OpBuffer(1000);
    for (long period = 0; period < 5; period++) {
      source.fill(buffer, 1000);
      for (int i = 0; i < buffer.size(); i++) {
        HotRange expected =
            buffer.kind(i).writes() ? hot.writes(period) : hot.reads(period);
        double place = buffer.index(i) / 1e5 - expected.low();
        assertTrue(place - Math.floor(place) < 0.1 + 2e-5, "period " + period + " op " + i);
      }
    }
  }

  @Test
  void anUnknownNameIsToldTheKnownOnes() {
    String message =
        assertThrows(IllegalArgumentException.class, () -> Workloads.named("x")).getMessage();
    assertTrue(message.contains("ycsb-a"), message);
  }
}
