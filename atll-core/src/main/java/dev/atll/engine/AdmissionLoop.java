package dev.atll.engine;

import dev.atll.api.AtllException;
import dev.atll.api.StorageFullException;
import dev.atll.base.Reports;
import dev.atll.env.Clock;
import dev.atll.env.LastingWorkers;
import dev.atll.env.Workers;
import dev.atll.flush.Admission;
import dev.atll.observe.event.AdmissionEvent;
import dev.atll.observe.event.JobKind;
import dev.atll.tree.Health;
import dev.atll.tree.ReadState;
import dev.atll.tree.RunViews;
import dev.atll.tree.StateHolder;
import dev.atll.tree.TreeInstaller;
import dev.atll.version.Version;
import dev.atll.version.VersionEdit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Hands flushed tables from level 0 to the slots of level 1 as soon as they have room. */
final class AdmissionLoop implements Workers.WorkUnit {
  private static final long RETRY_NANOS = 1_000_000_000L;

  private final StateHolder states;
  private final TreeInstaller installer;
  private final RunViews views;
  private final int runsCap;
  private final Health health;
  private final Clock clock;
  private final Reports events;
  private final Runnable onAdmitted;
  private final LongAdder admissions = new LongAdder();

  AdmissionLoop(
      StateHolder states,
      TreeInstaller installer,
      RunViews views,
      int runsCap,
      Health health,
      Clock clock,
      Reports events,
      Runnable onAdmitted) {
    this.states = states;
    this.installer = installer;
    this.views = views;
    this.runsCap = runsCap;
    this.health = health;
    this.clock = clock;
    this.events = events;
    this.onAdmitted = onAdmitted;
  }

  long admissions() {
    return admissions.sum();
  }

  @Override
  public long runOnce() {
    if (health.isPoisoned() || states.peek().version().levelZero().isEmpty()) {
      return Long.MAX_VALUE;
    }
    long began = clock.nanoTime();
    AtomicReference<Admission.@Nullable Result> planned = new AtomicReference<>();
    @Nullable Version next;
    try {
      next =
          installer.install(
              now -> {
                Admission.Result plan = Admission.plan(now, views, runsCap);
                planned.set(plan);
                return plan == null ? null : plan.edit();
              });
    } catch (Throwable e) {
      if (!(e instanceof AtllException)
          && (installer.isInDoubt() || !LastingWorkers.mayPass(e))) {
        health.poison(e);
        return Long.MAX_VALUE;
      }
      if (e instanceof StorageFullException) {
        health.countSpaceFailure();
      }
      health.jobFailed(JobKind.ADMISSION, e);
      // A full disk, damage in the table, no memory: the runs stay in level 0, where they are read as
      // well.
      return RETRY_NANOS;
    }
    Admission.Result result = planned.get();
    if (next == null || result == null) {
      return Long.MAX_VALUE;
    }
    // Admitted: what only tells of it must not end the loop, or the store.
    events.run(admissions::increment);
    events.run(() -> countHeat(next, result.edit()));
    events.run(() -> completed(result, clock.nanoTime() - began));
    events.run(onAdmitted);
    return 0;
  }

  private void completed(Admission.Result result, long nanos) {
    if (events.enabled()) {
      events.emit(
          new AdmissionEvent.Completed(
              clock.nanoTime(),
              result.fileNumber(),
              1,
              result.views(),
              result.bytes(),
              0,
              result.whole(),
              nanos));
    }
  }

  @SuppressWarnings("ReferenceEquality") // versions are told apart by identity
  private void countHeat(Version next, VersionEdit edit) {
    ReadState state = states.peek();
    if (state.version() != next) {
      return; // another edit came in between; this once the heat is not counted
    }
    for (VersionEdit.LevelRun added : edit.addedRuns) {
      if (added.level() == 1) {
        int rank = next.level(1).guards().slotOf(added.run().low());
        state.tree().levels()[0].slots()[rank].heat().addBytesIn(added.run().bytes());
      }
    }
  }
}
