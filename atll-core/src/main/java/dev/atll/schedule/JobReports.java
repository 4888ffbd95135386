package dev.atll.schedule;

import dev.atll.base.Reports;
import dev.atll.compact.CompactionResult;
import dev.atll.compact.JobPlan;
import dev.atll.env.Clock;
import dev.atll.observe.event.CompactionEvent;
import dev.atll.observe.event.GuardEvent;
import dev.atll.observe.event.Outcome;
import dev.atll.tree.ReadState;
import dev.atll.tree.StateHolder;
import dev.atll.version.Version;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Tells of compactions: events, counters and the heat of the slots below. Nothing here throws. */
final class JobReports {
  // A few times a second is what a viewer can show.
  private static final long PROGRESS_NANOS = 200_000_000L;

  private final Reports events;
  private final Clock clock;
  private final StateHolder states;
  private final Map<Long, Running> running = new ConcurrentHashMap<>();
  private final LongAdder compactions = new LongAdder();
  private final LongAdder bytesRead = new LongAdder();
  private final LongAdder bytesWritten = new LongAdder();

  /** What is remembered of a job; touched by the thread that runs it. */
  private static final class Running {
    final long beganNanos;
    long progressNanos;
    int slices;

    Running(long beganNanos) {
      this.beganNanos = beganNanos;
      this.progressNanos = beganNanos - PROGRESS_NANOS;
    }
  }

  JobReports(Reports events, Clock clock, StateHolder states) {
    this.events = events;
    this.clock = clock;
    this.states = states;
  }

  long compactions() {
    return compactions.sum();
  }

  long bytesRead() {
    return bytesRead.sum();
  }

  long bytesWritten() {
    return bytesWritten.sum();
  }

  void began(JobPlan plan) {
    events.run(() -> running.put(plan.jobId(), new Running(clock.nanoTime())));
    events.run(
        () -> {
          if (!events.enabled()) {
            return;
          }
          // Decided and begun by one thread: the two events tie the job to its decision.
          events.emit(
              new CompactionEvent.Scheduled(
                  clock.nanoTime(),
                  plan.jobId(),
                  plan.decisionId(),
                  plan.kind(),
                  plan.level(),
                  plan.slot(),
                  plan.targetLevel(),
                  plan.inputs().size(),
                  plan.bytesPlanned()));
          events.emit(
              new CompactionEvent.Started(
                  clock.nanoTime(),
                  plan.jobId(),
                  plan.kind(),
                  plan.level(),
                  plan.slot(),
                  plan.targetLevel(),
                  plan.inputs().size(),
                  plan.bytesPlanned()));
        });
  }

  /** A slice of a job is done, in all so many bytes are read; the next comes after the pause. */
  void slice(
      JobPlan plan, long bytesDone, long bytesIn, long bytesOut, long nanos, long pauseNanos) {
    events.run(
        () -> {
          Running job = running.get(plan.jobId());
          if (job == null || !events.enabled()) {
            return;
          }
          long now = clock.nanoTime();
          events.emit(
              new CompactionEvent.SliceDone(
                  now, plan.jobId(), job.slices++, bytesIn, bytesOut, nanos, pauseNanos));
          if (now - job.progressNanos >= PROGRESS_NANOS) {
            job.progressNanos = now;
            events.emit(
                new CompactionEvent.Progress(now, plan.jobId(), bytesDone, plan.bytesPlanned()));
          }
        });
  }

  /** A job's outputs are part of the tree. */
  void installed(JobPlan plan, CompactionResult result, Version next) {
    events.run(
        () -> {
          compactions.increment();
          bytesRead.add(result.bytesRead());
          bytesWritten.add(result.bytesWritten());
        });
    events.run(() -> countHeat(plan, next));
    events.run(() -> joined(plan));
    finished(plan, Outcome.INSTALLED, result, result.bytesRead());
  }

  /** A job ended, for better or worse; only the first call for a job tells of it. */
  void finished(
      JobPlan plan,
      Outcome outcome,
      @Nullable CompactionResult result,
      long bytesDone) {
    events.run(
        () -> {
          Running job = running.remove(plan.jobId());
          if (job == null || !events.enabled()) {
            return;
          }
          long now = clock.nanoTime();
          events.emit(
              new CompactionEvent.Finished(
                  now,
                  plan.jobId(),
                  outcome,
                  plan.kind(),
                  plan.level(),
                  plan.slot(),
                  plan.targetLevel(),
                  bytesDone,
                  result == null ? 0 : result.bytesWritten(),
                  result == null ? 0 : result.entriesIn(),
                  result == null ? 0 : result.entriesOut(),
                  result == null ? 0 : result.droppedShadowed(),
                  result == null ? 0 : result.droppedDeletions(),
                  0,
                  0,
                  now - job.beganNanos));
        });
  }

  private void joined(JobPlan plan) {
    byte[] guard = plan.removedGuard();
    if (guard != null && events.enabled()) {
      events.emit(
          new GuardEvent.Merged(
              clock.nanoTime(),
              plan.level(),
              plan.slot(),
              KeyFractions.fraction(guard),
              plan.bytesPlanned()));
    }
  }

  /** Bytes that reached the slots below count as their write heat. */
  @SuppressWarnings("ReferenceEquality") // versions are told apart by identity
  private void countHeat(JobPlan plan, Version next) {
    if (plan.targetLevel() == plan.level()) {
      return;
    }
    ReadState state = states.peek();
    if (state.version() != next) {
      return; // another edit came in between; this once the heat is not counted
    }
    long down = 0;
    for (var in : plan.inputs()) {
      if (in.level() == plan.level()) {
        down += in.run().bytes();
      }
    }
    long share = down / Math.max(1, plan.targets().size());
    for (var target : plan.targets()) {
      int rank = next.level(plan.targetLevel()).guards().slotOf(target.low());
      state.tree().levels()[plan.targetLevel() - 1].slots()[rank].heat().addBytesIn(share);
    }
  }
}
