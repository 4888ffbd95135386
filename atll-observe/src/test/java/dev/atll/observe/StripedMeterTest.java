package dev.atll.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;

class StripedMeterTest {

  @Test
  void bucketsTileAllLongsInOrder() {
    assertEquals(0, LogLinear.lowest(0));
    for (int i = 0; i < LogLinear.BUCKETS; i++) {
      assertEquals(i, LogLinear.indexOf(LogLinear.lowest(i)));
      assertEquals(i, LogLinear.indexOf(LogLinear.highest(i)));
      if (i + 1 < LogLinear.BUCKETS) {
        assertEquals(LogLinear.highest(i) + 1, LogLinear.lowest(i + 1));
      }
    }
    assertEquals(Long.MAX_VALUE, LogLinear.highest(LogLinear.BUCKETS - 1));
  }

  @Test
  void quantilesStayWithinTheStatedError() {
    long seed = 42;
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 20; round++) {
      StripedHistogram histogram =
          (StripedHistogram) new StripedMeter().histogram(Metrics.OP_LATENCY, "get");
      int count = 1 + random.nextInt(5_000);
      int bits = 1 + random.nextInt(60);
      long[] values = new long[count];
      for (int i = 0; i < count; i++) {
        values[i] = random.nextLong() >>> (64 - 1 - random.nextInt(bits));
        histogram.record(values[i]);
      }
      Arrays.sort(values);
      HistogramSnapshot snapshot = histogram.snapshot();
      assertEquals(count, snapshot.count());
      assertEquals(values[count - 1], snapshot.max());
      for (double q : new double[] {0, 0.1, 0.5, 0.9, 0.95, 0.99, 0.999, 1}) {
        long exact = values[(int) Math.max(0, Math.ceil(q * count) - 1)];
        long estimate = snapshot.quantile(q);
        assertTrue(
            Math.abs(estimate - exact) <= exact / 128.0,
            () -> "seed " + seed + " q " + q + ": " + estimate + " for " + exact);
      }
    }
  }

  @Test
  void snapshotsSubtract() {
    StripedHistogram histogram =
        (StripedHistogram) new StripedMeter().histogram(Metrics.OP_LATENCY, "get");
    histogram.record(1_000_000);
    HistogramSnapshot before = histogram.snapshot();
    histogram.record(50);
    histogram.record(70);
    histogram.record(-3);
    HistogramSnapshot interval = histogram.snapshot().since(before);
    assertEquals(3, interval.count());
    assertEquals(120, interval.sum());
    assertEquals(70, interval.max());
    assertEquals(40, interval.mean());
    assertEquals(0, interval.quantile(0));
    assertEquals(0, histogram.snapshot().since(histogram.snapshot()).quantile(0.5));
    assertThrows(IllegalArgumentException.class, () -> interval.quantile(1.1));
  }

  @Test
  void manyThreadsLoseNoCount() throws InterruptedException {
    StripedMeter meter = new StripedMeter();
    int threads = 8;
    int each = 50_000;
    Counter counter = meter.counter(Metrics.OPS, "put");
    Histogram histogram = meter.histogram(Metrics.OP_LATENCY, "put");
    List<Thread> all = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      Runnable work =
          () -> {
            for (int i = 0; i < each; i++) {
              counter.increment();
              histogram.record(i);
            }
          };
      all.add(t % 2 == 0 ? Thread.ofPlatform().start(work) : Thread.ofVirtual().start(work));
    }
    for (Thread thread : all) {
      thread.join();
    }
    MeterSnapshot snapshot = meter.snapshot();
    assertEquals((long) threads * each, snapshot.counter(Metrics.OPS, "put"));
    assertEquals((long) threads * each, snapshot.histogram(Metrics.OP_LATENCY, "put").count());
    assertEquals(each - 1, snapshot.histogram(Metrics.OP_LATENCY, "put").max());
  }

  @Test
  void sameLabelsGiveTheSameSeriesAndTheBoundHolds() {
    StripedMeter meter = new StripedMeter(2);
    assertSame(meter.counter(Metrics.OPS, "get"), meter.counter(Metrics.OPS, "get"));
    meter.counter(Metrics.OPS, "put").add(5);
    Counter beyond = meter.counter(Metrics.OPS, "scan");
    beyond.add(7);
    assertEquals(1, meter.seriesRefused());
    assertEquals(0, meter.snapshot().counter(Metrics.OPS, "scan"));
    assertEquals(5, meter.snapshot().counter(Metrics.OPS, "put"));
    assertEquals(2, meter.series().size());
  }

  @Test
  void misuseIsRefusedByEveryMeter() {
    for (Meter meter : List.of(Meter.none(), new StripedMeter())) {
      assertThrows(IllegalArgumentException.class, () -> meter.counter(Metrics.L0_FILES));
      assertThrows(IllegalArgumentException.class, () -> meter.counter(Metrics.OPS));
      assertThrows(IllegalArgumentException.class, () -> meter.gauge(Metrics.L0_FILES, "1"));
      assertThrows(IllegalArgumentException.class, () -> meter.histogram(Metrics.OPS, "get"));
    }
    StripedMeter meter = new StripedMeter();
    meter.gauge(MetricName.gauge("a.b", MetricUnit.COUNT, "One."));
    MetricName other = MetricName.gauge("a.b", MetricUnit.BYTES, "Another.");
    assertThrows(IllegalArgumentException.class, () -> meter.gauge(other));
    assertThrows(
        IllegalArgumentException.class, () -> MetricName.gauge("A b", MetricUnit.COUNT, "Bad."));
  }

  @Test
  void watchersSeeEverySeriesOnce() {
    StripedMeter meter = new StripedMeter();
    meter.counter(Metrics.OPS, "get");
    List<String> seen = new ArrayList<>();
    StripedMeter.Watch watch = meter.watch(series -> seen.add(series.name().name()));
    meter.gauge(Metrics.L0_FILES).set(3);
    meter.gauge(Metrics.L0_FILES).set(4);
    watch.close();
    meter.gauge(Metrics.SNAPSHOTS_OPEN);
    assertEquals(List.of("atll.ops", "atll.l0.files"), seen);
    assertEquals(4, meter.snapshot().gauge(Metrics.L0_FILES));
    assertTrue(Double.isNaN(meter.snapshot().gauge(Metrics.SNAPSHOTS_OPEN)));
  }

  @Test
  void promisedNamesKeepTheirNamesKindsAndUnits() {
    StripedMeter meter = new StripedMeter();
    meter.histogram(Metrics.WAL_GC).record(3_000_000);
    meter.counter(Metrics.WAL_SEGMENTS_DELETED).add(4);
    meter.gauge(Metrics.WAL_SEGMENTS).set(2);
    meter.counter(Metrics.COMPACTION_BYTES, "in", "1").add(100);
    meter.counter(Metrics.COMPACTION_BYTES, "in", "2").add(11);
    meter.counter(Metrics.COMPACTION_BYTES, "out", "1").add(90);
    meter.gauge(Metrics.AMPLIFICATION, "write").set(5.5);
    meter.gauge(Metrics.AMPLIFICATION, "read_point").set(1.5);
    meter.gauge(Metrics.AMPLIFICATION, "space").set(1.1);
    meter.gauge(Metrics.SLOT_K, "1", "7").set(3);
    meter.gauge(Metrics.SLOT_HEAT, "1", "7").set(0.5);
    assertEquals(
        "{compaction.bytes_in=111.0, compaction.bytes_out=90.0, read_amplification_point=1.5, "
            + "slot.K_current{1,7}=3.0, slot.heat{1,7}=0.5, space_amplification=1.1, "
            + "wal_gc_latency_ms=3.0, wal_segment_count=2.0, wal_segments_deleted_total=4.0, "
            + "write_amplification=5.5}",
        meter.snapshot().promised().toString());
    for (PromisedName promised : PromisedNames.all()) {
      assertTrue(Metrics.all().contains(promised.metric()), promised.name());
    }
  }

  @Test
  void countingStaysWithinItsBudgetAndAllocatesNothing() {
    StripedMeter meter = new StripedMeter();
    Counter counter = meter.counter(Metrics.OPS, "get");
    Histogram histogram = meter.histogram(Metrics.OP_LATENCY, "get");
    IntConsumer count = i -> counter.add(i);
    IntConsumer record = i -> histogram.record((long) i * 977);
    // The best of many rounds: other work on the machine can only make a round slower.
    assertTrue(bestNanosPerCall(count) <= 80, "counter over 80 ns");
    assertTrue(bestNanosPerCall(record) <= 200, "histogram over 200 ns");

    com.sun.management.ThreadMXBean threads =
        (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    run(count);
    run(record);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertTrue(allocated < 4_096, () -> allocated + " bytes for 200,000 calls");
    assertFalse(allocated < 0);
  }

  private static final int CALLS = 100_000;

  private static double bestNanosPerCall(IntConsumer call) {
    double best = Double.MAX_VALUE;
    for (int round = 0; round < 40; round++) {
      long begin = System.nanoTime();
      run(call);
      best = Math.min(best, (double) (System.nanoTime() - begin) / CALLS);
    }
    return best;
  }

  private static void run(IntConsumer call) {
    for (int i = 0; i < CALLS; i++) {
      call.accept(i);
    }
  }
}
