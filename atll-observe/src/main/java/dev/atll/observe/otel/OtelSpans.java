package dev.atll.observe.otel;

import dev.atll.observe.EventListener;
import dev.atll.observe.StampedEvent;
import dev.atll.observe.event.AdmissionEvent;
import dev.atll.observe.event.CacheEvent;
import dev.atll.observe.event.Candidate;
import dev.atll.observe.event.CompactionEvent;
import dev.atll.observe.event.CorruptionEvent;
import dev.atll.observe.event.DecisionEvent;
import dev.atll.observe.event.EngineEvent;
import dev.atll.observe.event.FlushEvent;
import dev.atll.observe.event.GuardEvent;
import dev.atll.observe.event.Outcome;
import dev.atll.observe.event.PressureEvent;
import dev.atll.observe.event.RecoveryEvent;
import dev.atll.observe.event.RegretEvent;
import dev.atll.observe.event.SlotEvent;
import dev.atll.observe.event.SnapshotEvent;
import dev.atll.observe.event.StatsEvent;
import dev.atll.observe.event.TreeEvent;
import dev.atll.observe.event.VersionEvent;
import dev.atll.observe.event.WalEvent;
import dev.atll.observe.event.WorkloadEvent;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Turns background work into INTERNAL spans: {@code atll.plan} for each decision to act, {@code
 * atll.compaction} with a child {@code atll.compaction.slice} for each slice and a link to its
 * decision, {@code atll.manifest.install}, {@code atll.flush}, {@code atll.admission}, {@code
 * atll.write.stall}, {@code atll.recovery}, {@code atll.checkpoint}, {@code atll.corruption}.
 *
 * <p>It listens to a bus, so spans are made after the fact, with the engine's own times. For one
 * thread at a time, as a subscription calls it.
 */
public final class OtelSpans implements EventListener, AutoCloseable {
  // Jobs whose end never arrives, because the event was lost, must not gather without bound.
  private static final int REMEMBERED_MAX = 1024;

  private final Tracer tracer;
  private final Map<Long, Span> compactions = new LinkedHashMap<>();
  private final Map<Long, SpanContext> decisions = new LinkedHashMap<>();
  private final Map<Long, Long> decisionOfJob = new LinkedHashMap<>();
  private boolean anchored;
  private long epochOffsetNanos;

  /**
   * Sends spans to a tracer of our scope.
   *
   * @param openTelemetry where the tracer is from
   */
  public OtelSpans(OpenTelemetry openTelemetry) {
    this.tracer = openTelemetry.getTracer(OtelScope.NAME);
  }

  @Override
  public void accept(StampedEvent stamped) {
    anchor(stamped);
    switch (stamped.event()) {
      case DecisionEvent.Made made -> plan(made);
      case CompactionEvent compaction -> compaction(compaction);
      case FlushEvent.Completed flush ->
          end(
              begin("atll.flush", flush.timeNanos() - flush.nanos())
                  .setAttribute("atll.bytes_in", flush.bytesIn())
                  .setAttribute("atll.bytes_out", flush.bytesOut())
                  .setAttribute("atll.views", (long) flush.views()),
              flush.timeNanos());
      case AdmissionEvent.Completed admission ->
          end(
              begin("atll.admission", admission.timeNanos() - admission.nanos())
                  .setAttribute("atll.level", (long) admission.level())
                  .setAttribute("atll.views", (long) admission.views())
                  .setAttribute("atll.bytes_moved", admission.bytesMoved()),
              admission.timeNanos());
      case VersionEvent.Installed installed ->
          end(
              begin("atll.manifest.install", installed.timeNanos() - installed.nanos())
                  .setAttribute("atll.version", installed.versionId())
                  .setAttribute("atll.record_bytes", installed.recordBytes()),
              installed.timeNanos());
      case PressureEvent.StallEnded stall ->
          end(
              begin("atll.write.stall", stall.timeNanos() - stall.nanos())
                  .setAttribute("atll.cause", stall.cause().name()),
              stall.timeNanos());
      case RecoveryEvent.Completed recovery ->
          end(
              begin("atll.recovery", recovery.timeNanos() - recovery.nanos())
                  .setAttribute("atll.entries", recovery.entries())
                  .setAttribute("atll.clean", recovery.cleanShutdown()),
              recovery.timeNanos());
      case CorruptionEvent.Detected corruption -> {
        Span span =
            begin("atll.corruption", corruption.timeNanos())
                .setAttribute("atll.file_kind", corruption.file().name())
                .setAttribute("error.type", corruption.cause().name())
                .startSpan();
        span.setStatus(StatusCode.ERROR);
        end(span, corruption.timeNanos());
      }
      // Not work that takes time, or only the beginning of it.
      case DecisionEvent _,
          FlushEvent _,
          AdmissionEvent _,
          VersionEvent _,
          PressureEvent _,
          RecoveryEvent _,
          CorruptionEvent _,
          CacheEvent _,
          EngineEvent _,
          GuardEvent _,
          RegretEvent _,
          SlotEvent _,
          SnapshotEvent _,
          StatsEvent _,
          TreeEvent _,
          WalEvent _,
          WorkloadEvent _ -> {}
    }
  }

  /** Ends the spans of jobs that are still open. */
  @Override
  public void close() {
    compactions.values().forEach(Span::end);
    compactions.clear();
  }

  private void plan(DecisionEvent.Made made) {
    if (made.chosen() < 0) {
      return;
    }
    Candidate chosen = made.candidates().get(made.chosen());
    Span span =
        begin("atll.plan", made.timeNanos() - made.planNanos())
            .setAttribute("atll.policy", made.policy().value())
            .setAttribute("atll.candidates", (long) made.candidates().size())
            .setAttribute("atll.action", chosen.kind().name())
            .setAttribute("atll.reason", chosen.reason().name())
            .setAttribute("atll.index", chosen.index())
            .setAttribute("atll.explored", made.explored())
            .startSpan();
    remember(decisions, made.decisionId(), span.getSpanContext());
    end(span, made.timeNanos());
  }

  private void compaction(CompactionEvent event) {
    switch (event) {
      case CompactionEvent.Scheduled scheduled ->
          remember(decisionOfJob, scheduled.jobId(), scheduled.decisionId());
      case CompactionEvent.Started started -> {
        Span evicted =
            remember(compactions, started.jobId(), job(started.jobId(), started.timeNanos()));
        if (evicted != null) {
          evicted.end();
        }
      }
      case CompactionEvent.SliceDone slice -> {
        SpanBuilder builder =
            begin("atll.compaction.slice", slice.timeNanos() - slice.nanos())
                .setAttribute("atll.slice", (long) slice.slice())
                .setAttribute("atll.bytes_in", slice.bytesIn())
                .setAttribute("atll.bytes_out", slice.bytesOut());
        Span parent = compactions.get(slice.jobId());
        if (parent != null) {
          builder.setParent(Context.root().with(parent));
        }
        end(builder, slice.timeNanos());
      }
      case CompactionEvent.Finished finished -> {
        Span span = compactions.remove(finished.jobId());
        if (span == null) {
          // The start was lost or came before we listened; the end tells enough.
          span = job(finished.jobId(), finished.timeNanos() - finished.nanos());
        }
        decisionOfJob.remove(finished.jobId());
        span.setAttribute("atll.action", finished.kind().name())
            .setAttribute("atll.level", (long) finished.level())
            .setAttribute("atll.target_level", (long) finished.targetLevel())
            .setAttribute("atll.bytes_in", finished.bytesIn())
            .setAttribute("atll.bytes_out", finished.bytesOut())
            .setAttribute("atll.outcome", finished.outcome().name());
        if (finished.outcome() == Outcome.FAILED) {
          span.setStatus(StatusCode.ERROR);
        }
        end(span, finished.timeNanos());
      }
      case CompactionEvent.Progress _,
          CompactionEvent.Quarantined _,
          CompactionEvent.Released _ -> {}
    }
  }

  private Span job(long jobId, long startNanos) {
    SpanBuilder builder = begin("atll.compaction", startNanos).setAttribute("atll.job", jobId);
    Long decisionId = decisionOfJob.get(jobId);
    SpanContext decision = decisionId == null ? null : decisions.get(decisionId);
    if (decision != null) {
      builder.addLink(decision);
    }
    return builder.startSpan();
  }

  private SpanBuilder begin(String name, long startNanos) {
    return tracer
        .spanBuilder(name)
        .setNoParent()
        .setSpanKind(SpanKind.INTERNAL)
        .setStartTimestamp(startNanos + epochOffsetNanos, TimeUnit.NANOSECONDS);
  }

  private void end(SpanBuilder builder, long endNanos) {
    end(builder.startSpan(), endNanos);
  }

  private void end(Span span, long endNanos) {
    span.end(endNanos + epochOffsetNanos, TimeUnit.NANOSECONDS);
  }

  private void anchor(StampedEvent stamped) {
    if (stamped.event() instanceof EngineEvent.Opened opened) {
      epochOffsetNanos = TimeUnit.MILLISECONDS.toNanos(opened.wallMillis()) - opened.timeNanos();
      anchored = true;
    } else if (!anchored) {
      // Joined late: the event is a few milliseconds old at most.
      epochOffsetNanos =
          TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis()) - stamped.event().timeNanos();
      anchored = true;
    }
  }

  private static <V> @Nullable V remember(Map<Long, V> map, long key, V value) {
    V evicted = map.put(key, value);
    if (evicted == null && map.size() > REMEMBERED_MAX) {
      var eldest = map.entrySet().iterator();
      evicted = eldest.next().getValue();
      eldest.remove();
    }
    return evicted;
  }
}
