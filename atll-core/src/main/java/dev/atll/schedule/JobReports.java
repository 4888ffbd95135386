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
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Tells of compactions: events, counters and the heat of the slots below. Nothing here throws. */
final class JobReports {
  private final Reports events;
  private final Clock clock;
  private final StateHolder states;
  private final LongAdder compactions = new LongAdder();
  private final LongAdder bytesRead = new LongAdder();
  private final LongAdder bytesWritten = new LongAdder();

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

  void progress(JobPlan plan, long bytesDone) {
    events.run(
        () -> {
          if (events.enabled()) {
            events.emit(
                new CompactionEvent.Progress(
                    clock.nanoTime(), plan.jobId(), bytesDone, plan.bytesPlanned()));
          }
        });
  }

  /** A job's outputs are part of the tree. */
  void installed(JobPlan plan, CompactionResult result, Version next, long nanos) {
    events.run(
        () -> {
          compactions.increment();
          bytesRead.add(result.bytesRead());
          bytesWritten.add(result.bytesWritten());
        });
    events.run(() -> countHeat(plan, next));
    events.run(() -> joined(plan));
    finished(plan, Outcome.INSTALLED, result, result.bytesRead(), nanos);
  }

  /** A job ended, for better or worse. */
  void finished(
      JobPlan plan,
      Outcome outcome,
      @Nullable CompactionResult result,
      long bytesDone,
      long nanos) {
    events.run(
        () -> {
          if (!events.enabled()) {
            return;
          }
          events.emit(
              new CompactionEvent.Finished(
                  clock.nanoTime(),
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
                  nanos));
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
