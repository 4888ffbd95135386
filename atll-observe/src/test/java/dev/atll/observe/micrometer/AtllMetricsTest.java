package dev.atll.observe.micrometer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.observe.MetricKind;
import dev.atll.observe.MetricName;
import dev.atll.observe.Metrics;
import dev.atll.observe.export.NameStyle;
import dev.atll.observe.PromisedName;
import dev.atll.observe.PromisedNames;
import dev.atll.observe.StripedMeter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Statistic;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class AtllMetricsTest {
  private final StripedMeter meter = new StripedMeter();
  private final MeterRegistry registry = new SimpleMeterRegistry();

  @Test
  void sumsLevelsAndDurationsAreReadLive() {
    try (AtllMetrics metrics = new AtllMetrics(meter, Tags.of("db", "test"))) {
      metrics.bindTo(registry);
      meter.counter(Metrics.COMPACTION_BYTES, "in", "1").add(100);
      meter.gauge(Metrics.AMPLIFICATION, "write").set(4.5);
      for (int i = 1; i <= 1_000; i++) {
        meter.histogram(Metrics.WAL_SYNC).record(i * 1_000_000L);
      }
      System.gc();
      meter.counter(Metrics.COMPACTION_BYTES, "in", "1").add(11);

      var bytes =
          registry.get("atll.compaction.bytes").tags("db", "test", "direction", "in", "level", "1");
      assertEquals(111, bytes.functionCounter().count());
      assertEquals("bytes", bytes.functionCounter().getId().getBaseUnit());
      assertEquals(4.5, registry.get("atll.amplification").tag("kind", "write").gauge().value());
      var timer = registry.get("atll.wal.sync").functionTimer();
      assertEquals(1_000, timer.count());
      assertEquals(500.5, timer.totalTime(TimeUnit.SECONDS), 1e-6);
      double median =
          registry
              .get("atll.wal.sync.quantile")
              .tag("quantile", "0.5")
              .timeGauge()
              .value(TimeUnit.MILLISECONDS);
      assertEquals(500, median, 500 / 128.0);
      assertEquals(1, registry.get("atll.wal.sync.max").timeGauge().value(TimeUnit.SECONDS), 1e-9);
    }
  }

  @Test
  void closingRemovesEverythingFromEveryRegistry() {
    MeterRegistry second = new SimpleMeterRegistry();
    second.counter("somebody.elses").increment();
    meter.counter(Metrics.OPS, "get").add(1);
    AtllMetrics metrics = new AtllMetrics(meter, Tags.empty());
    metrics.bindTo(registry);
    metrics.bindTo(second);
    meter.histogram(Metrics.FLUSH).record(1);
    assertTrue(registry.getMeters().size() > 3);
    assertEquals(registry.getMeters().size() + 1, second.getMeters().size());
    metrics.close();
    metrics.close();
    assertTrue(registry.getMeters().isEmpty());
    assertEquals(1, second.getMeters().size());
    meter.counter(Metrics.OPS, "put").add(1);
    assertTrue(registry.getMeters().isEmpty(), "series that come later stay away");
    assertThrows(IllegalStateException.class, () -> metrics.bindTo(registry));
  }

  @Test
  void slotsAreSummedUpByLevel() {
    try (AtllMetrics metrics = new AtllMetrics(meter, Tags.empty())) {
      metrics.bindTo(registry);
      for (int slot = 0; slot < 500; slot++) {
        meter.gauge(Metrics.SLOT_K, "1", String.valueOf(slot)).set(slot % 5);
        meter.gauge(Metrics.SLOT_K, "2", String.valueOf(slot)).set(7);
      }
      meter.gauge(Metrics.SLOT_K, "1", "4").set(Double.NaN);
      assertEquals(6, registry.getMeters().size());
      assertEquals(0, level("1", "min"));
      assertEquals(4, level("1", "max"));
      assertEquals((1000.0 - 4) / 499, level("1", "mean"), 1e-9);
      assertEquals(7, level("2", "mean"));
    }
  }

  private double level(String level, String stat) {
    return registry.get("atll.slot.k").tags("level", level, "stat", stat).gauge().value();
  }

  @Test
  void promisedNamesAppearExactlyWithTheirKinds() {
    try (AtllMetrics metrics = new AtllMetrics(meter, NameStyle.PROMISED, Tags.empty())) {
      metrics.bindTo(registry);
      touchAll();
      Set<String> expected = new TreeSet<>();
      PromisedNames.all().forEach(promised -> expected.add(promised.name()));
      Set<String> found =
          registry.getMeters().stream()
              .map(it -> it.getId().getName())
              .collect(Collectors.toCollection(TreeSet::new));
      assertEquals(expected, found);
      for (PromisedName promised : PromisedNames.all()) {
        Meter.Type type =
            registry.get(promised.name()).meters().iterator().next().getId().getType();
        assertEquals(
            switch (promised.metric().kind()) {
              case COUNTER -> Meter.Type.COUNTER;
              case GAUGE -> Meter.Type.GAUGE;
              case HISTOGRAM -> Meter.Type.DISTRIBUTION_SUMMARY;
            },
            type,
            promised.name());
      }
      meter.histogram(Metrics.WAL_GC).record(2_999_999);
      double total = Double.NaN;
      for (var measurement : registry.get("wal_gc_latency_ms").meter().measure()) {
        if (measurement.getStatistic() == Statistic.TOTAL) {
          total = measurement.getValue();
        }
      }
      assertEquals(3, total, 1e-6);
    }
  }

  @Test
  void namesAndTagsFollowTheConvention() {
    try (AtllMetrics metrics = new AtllMetrics(meter, Tags.empty())) {
      metrics.bindTo(registry);
      touchAll();
      Set<String> allowed =
          Set.of(
              "op",
              "direction",
              "level",
              "reason",
              "cause",
              "kind",
              "state",
              "cache",
              "result",
              "policy",
              "file",
              "stat",
              "quantile");
      for (Meter shown : registry.getMeters()) {
        String name = shown.getId().getName();
        assertTrue(name.matches("atll(\\.[a-z0-9]+)+"), name);
        assertFalse(name.endsWith("total"), name);
        shown.getId().getTags().forEach(tag -> assertTrue(allowed.contains(tag.getKey()), name));
      }
      assertNull(registry.get("atll.ops").functionCounter().getId().getBaseUnit());
      for (MetricName name : Metrics.all()) {
        assertTrue(registry.find(name.name()).meter() != null, name.name());
      }
    }
  }

  /** One series of every metric. */
  private void touchAll() {
    for (MetricName name : Metrics.all()) {
      String[] values =
          name.labelKeys().stream()
              .map(key -> key.equals("slot") ? "7" : "x")
              .toArray(String[]::new);
      touch(name, values);
    }
    for (PromisedName promised : PromisedNames.all()) {
      if (promised.labelKey() != null) {
        String[] values =
            promised.metric().labelKeys().stream()
                .map(key -> key.equals(promised.labelKey()) ? "" + promised.labelValue() : "1")
                .toArray(String[]::new);
        touch(promised.metric(), values);
      }
    }
  }

  private void touch(MetricName name, String... values) {
    if (name.kind() == MetricKind.COUNTER) {
      meter.counter(name, values).increment();
    } else if (name.kind() == MetricKind.GAUGE) {
      meter.gauge(name, values).set(1);
    } else {
      meter.histogram(name, values).record(1);
    }
  }
}
