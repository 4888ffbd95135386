package dev.atll.observe.otel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.observe.Metrics;
import dev.atll.observe.StampedEvent;
import dev.atll.observe.StripedMeter;
import dev.atll.observe.event.ActionKind;
import dev.atll.observe.event.Candidate;
import dev.atll.observe.event.CompactionEvent;
import dev.atll.observe.event.DecisionEvent;
import dev.atll.observe.event.DecisionReason;
import dev.atll.observe.event.Doubles;
import dev.atll.observe.event.DurabilityMode;
import dev.atll.observe.event.EngineEvent;
import dev.atll.observe.event.Label;
import dev.atll.observe.event.Outcome;
import dev.atll.observe.event.RandomEvents;
import dev.atll.observe.event.VersionEvent;
import dev.atll.observe.event.VizEvent;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.DoublePointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OtelTest {
  private static final long WALL_MILLIS = 1_700_000_000_000L;
  private static final long OPENED_NANOS = 5_000;
  private static final long OFFSET = WALL_MILLIS * 1_000_000 - OPENED_NANOS;

  private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
  private final InMemoryMetricReader reader = InMemoryMetricReader.create();
  private final OpenTelemetrySdk sdk =
      OpenTelemetrySdk.builder()
          .setTracerProvider(
              SdkTracerProvider.builder()
                  .addSpanProcessor(SimpleSpanProcessor.create(exporter))
                  .build())
          .setMeterProvider(SdkMeterProvider.builder().registerMetricReader(reader).build())
          .build();
  private final OtelSpans spans = new OtelSpans(sdk);

  @AfterEach
  void closeSdk() {
    sdk.close();
  }

  private void send(VizEvent... events) {
    for (VizEvent event : events) {
      spans.accept(new StampedEvent(Label.of("engine"), 1, event));
    }
  }

  private static EngineEvent.Opened opened() {
    return new EngineEvent.Opened(
        OPENED_NANOS,
        WALL_MILLIS,
        1,
        Label.of("atll"),
        DurabilityMode.SYNC,
        10,
        7,
        1,
        1,
        12,
        1,
        2,
        0);
  }

  private static DecisionEvent.Made made(long timeNanos, long id, int chosen) {
    return new DecisionEvent.Made(
        timeNanos,
        id,
        9,
        Label.of("atll"),
        List.of(new Candidate(ActionKind.MERGE, DecisionReason.READ_BURDEN, 1, 3, 0, 2, 4096, 10, 0.5, false)),
        chosen,
        1,
        0,
        -1,
        Doubles.empty(),
        Doubles.empty(),
        1,
        false,
        0,
        200);
  }

  private static CompactionEvent.Finished finished(long timeNanos, long jobId, Outcome outcome) {
    return new CompactionEvent.Finished(
        timeNanos, jobId, outcome, ActionKind.MERGE, 1, 3, 1, 4096, 4000, 10, 9, 1, 0, 0, 0, 5_000);
  }

  private SpanData span(String name) {
    List<SpanData> found =
        exporter.getFinishedSpanItems().stream().filter(it -> it.getName().equals(name)).toList();
    assertEquals(1, found.size(), name);
    return found.getFirst();
  }

  @Test
  void oneCompactionTellsItsWholeStory() {
    send(
        opened(),
        made(10_000, 42, -1),
        made(11_000, 43, 0),
        new CompactionEvent.Scheduled(11_000, 7, 43, ActionKind.MERGE, 1, 3, 1, 2, 4096),
        new CompactionEvent.Started(12_000, 7, ActionKind.MERGE, 1, 3, 1, 2, 4096),
        new CompactionEvent.SliceDone(15_000, 7, 0, 4096, 4000, 2_500, 0),
        new VersionEvent.Installed(16_900, 10, 1, 2, 0, 0, 64, 400),
        finished(17_000, 7, Outcome.INSTALLED));

    SpanData plan = span("atll.plan");
    assertEquals(SpanKind.INTERNAL, plan.getKind());
    assertEquals("dev.atll", plan.getInstrumentationScopeInfo().getName());
    assertEquals(10_800 + OFFSET, plan.getStartEpochNanos());
    assertEquals(11_000 + OFFSET, plan.getEndEpochNanos());
    assertEquals("atll", plan.getAttributes().get(AttributeKey.stringKey("atll.policy")));

    SpanData job = span("atll.compaction");
    assertEquals(12_000 + OFFSET, job.getStartEpochNanos());
    assertEquals(17_000 + OFFSET, job.getEndEpochNanos());
    assertEquals(4096, job.getAttributes().get(AttributeKey.longKey("atll.bytes_in")));
    assertEquals(plan.getSpanId(), job.getLinks().getFirst().getSpanContext().getSpanId());

    SpanData slice = span("atll.compaction.slice");
    assertEquals(job.getSpanId(), slice.getParentSpanId());
    assertEquals(job.getTraceId(), slice.getTraceId());
    assertEquals(12_500 + OFFSET, slice.getStartEpochNanos());

    SpanData install = span("atll.manifest.install");
    assertEquals(16_500 + OFFSET, install.getStartEpochNanos());
    assertFalse(install.getParentSpanContext().isValid());
  }

  @Test
  void lostStartsAndFailuresStillMakeSpans() {
    send(opened(), finished(20_000, 8, Outcome.FAILED));
    SpanData job = span("atll.compaction");
    assertEquals(15_000 + OFFSET, job.getStartEpochNanos());
    assertEquals(StatusCode.ERROR, job.getStatus().getStatusCode());
  }

  @Test
  void jobsWithoutEndAreForgottenInTheEnd() {
    send(opened());
    for (int job = 0; job < 3_000; job++) {
      send(new CompactionEvent.Started(job, job, ActionKind.MERGE, 1, 0, 1, 2, 1));
    }
    assertEquals(3_000 - 1_024, exporter.getFinishedSpanItems().size());
    spans.close();
    assertEquals(3_000, exporter.getFinishedSpanItems().size());
  }

  @Test
  void everyEventIsTaken() {
    RandomEvents random = new RandomEvents(3);
    for (int i = 0; i < 5_000; i++) {
      send(random.next());
    }
    assertTrue(exporter.getFinishedSpanItems().size() > 100);
  }

  @Test
  void metricsAreReadWhenCollected() {
    StripedMeter meter = new StripedMeter();
    Attributes db = Attributes.of(AttributeKey.stringKey("db"), "test");
    OtelMetrics metrics = new OtelMetrics(sdk, meter, db);
    meter.counter(Metrics.COMPACTION_BYTES, "in", "1").add(100);
    meter.counter(Metrics.COMPACTION_BYTES, "out", "1").add(70);
    meter.gauge(Metrics.L0_FILES);
    meter.gauge(Metrics.AMPLIFICATION, "space").set(1.25);
    meter.histogram(Metrics.FLUSH).record(2_000_000_000L);

    Collection<MetricData> collected = reader.collectAllMetrics();
    MetricData bytes = find(collected, "atll.compaction.bytes");
    assertEquals("By", bytes.getUnit());
    assertTrue(bytes.getDoubleSumData().isMonotonic());
    assertEquals(
        List.of(70.0, 100.0),
        bytes.getDoubleSumData().getPoints().stream()
            .map(DoublePointData::getValue)
            .sorted()
            .toList());
    assertEquals(
        "test",
        bytes
            .getDoubleSumData()
            .getPoints()
            .iterator()
            .next()
            .getAttributes()
            .get(AttributeKey.stringKey("db")));
    assertEquals(1.25, onlyGauge(find(collected, "atll.amplification")));
    assertEquals(
        1,
        find(collected, "atll.flush.count")
            .getDoubleSumData()
            .getPoints()
            .iterator()
            .next()
            .getValue());
    assertEquals(
        2,
        find(collected, "atll.flush.sum")
            .getDoubleSumData()
            .getPoints()
            .iterator()
            .next()
            .getValue(),
        1e-9);
    assertEquals("s", find(collected, "atll.flush.quantile").getUnit());
    assertEquals(4, find(collected, "atll.flush.quantile").getDoubleGaugeData().getPoints().size());
    assertTrue(
        collected.stream().noneMatch(it -> it.getName().equals("atll.l0.files")), "never set");

    metrics.close();
    assertTrue(reader.collectAllMetrics().isEmpty());
  }

  private static double onlyGauge(MetricData data) {
    return data.getDoubleGaugeData().getPoints().iterator().next().getValue();
  }

  private static MetricData find(Collection<MetricData> all, String name) {
    return all.stream().filter(it -> it.getName().equals(name)).findFirst().orElseThrow();
  }
}
