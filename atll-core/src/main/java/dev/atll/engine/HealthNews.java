package dev.atll.engine;

import dev.atll.api.CorruptionException;
import dev.atll.base.Reports;
import dev.atll.env.Clock;
import dev.atll.observe.event.CorruptionEvent;
import dev.atll.observe.event.EngineEvent;
import dev.atll.observe.event.JobKind;
import dev.atll.observe.event.PressureEvent;
import dev.atll.tree.Health;

/** What goes wrong behind callers' backs, as lines of the log and as events. Thread-safe. */
final class HealthNews implements Health.Listener {
  private final StoreLog log;
  private final Reports events;
  private final Clock clock;

  HealthNews(StoreLog log, Reports events, Clock clock) {
    this.log = log;
    this.events = events;
    this.clock = clock;
  }

  /** What a loop of {@link StoreParts} does, by its name. */
  static JobKind jobOf(String loop) {
    return switch (loop) {
      case "flush" -> JobKind.FLUSH;
      case "admit" -> JobKind.ADMISSION;
      case "reclaim" -> JobKind.FILE_DELETION;
      case "log-sync" -> JobKind.LOG_SYNC;
      case "telemetry" -> JobKind.TELEMETRY;
      case "warm" -> JobKind.WARM_START;
      case "upkeep" -> JobKind.UPKEEP;
      default -> JobKind.COMPACTION;
    };
  }

  @Override
  public void poisoned(Throwable cause) {
    events.run(() -> log.poisoned(cause));
    events.run(() -> events.emit(PoisonNews.of(cause, clock.nanoTime())));
  }

  @Override
  public void damaged(CorruptionException damage) {
    events.run(() -> log.damaged(damage));
    events.run(() -> events.emit(DamageNews.of(damage, clock.nanoTime())));
  }

  @Override
  public void jobFailed(JobKind job, Throwable cause) {
    events.run(() -> log.jobFailed(job, cause));
    events.run(() -> events.emit(new EngineEvent.JobFailed(clock.nanoTime(), job)));
  }

  @Override
  public void diskFull(boolean full) {
    events.run(() -> log.diskFull(full));
    events.run(
        () -> {
          long now = clock.nanoTime();
          events.emit(full ? new PressureEvent.DiskFull(now) : new PressureEvent.DiskFreed(now));
        });
  }

  /** Stored blocks were looked at. */
  void scrubbed(int files, long bytes, int faults, long beganNanos) {
    events.run(
        () -> {
          long now = clock.nanoTime();
          events.emit(
              new CorruptionEvent.Scrubbed(now, files, bytes, faults, now - beganNanos));
        });
  }

  /** The store is closed, whatever closing came to. */
  void closed(boolean clean, long lastRevision, long openedAtNanos) {
    events.run(
        () -> {
          long now = clock.nanoTime();
          events.emit(new EngineEvent.Closed(now, clean, lastRevision, now - openedAtNanos));
        });
  }
}
