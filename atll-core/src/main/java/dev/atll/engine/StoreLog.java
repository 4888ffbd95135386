package dev.atll.engine;

import dev.atll.api.CorruptionException;
import dev.atll.api.Options;
import dev.atll.env.Clock;
import dev.atll.observe.SafeLog;
import dev.atll.observe.event.CompactionEvent;
import dev.atll.observe.event.DecisionEvent;
import dev.atll.observe.event.EngineEvent;
import dev.atll.observe.event.JobKind;
import dev.atll.observe.event.PressureEvent;
import dev.atll.observe.event.RecoveryEvent;
import dev.atll.observe.event.SnapshotEvent;
import dev.atll.observe.event.VizEvent;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The store's lines in the application's log, logger {@code dev.atll.store}: opening and closing at
 * INFO, what somebody should look at as WARNING, the end of writing as ERROR. In a simulation, whose
 * crashes are nobody's trouble, all are DEBUG. Text is made only for a level that is read. Lines of
 * one topic that repeat are rationed, and the next one says how many were left out. Thread-safe.
 */
final class StoreLog {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  // A few lines show what kind of trouble it is; then one a minute shows that it goes on.
  private static final int BURST = 5;
  private static final long PERIOD_NANOS = 60 * NANOS_PER_SECOND;
  // A writer that waits for a flush now and then is how a busy store breathes.
  private static final long STALL_NANOS_MIN = NANOS_PER_SECOND / 10;

  /** What is told again and again: each has a ration of its own. */
  private enum Topic {
    STALL,
    DAMAGE,
    JOB,
    SPACE,
    OVERDUE
  }

  private static final class Ration {
    int told;
    int leftOut;
    long sinceNanos;
  }

  private final SafeLog log = SafeLog.of("dev.atll.store");
  private final Clock clock;
  private final boolean simulated;
  private final Map<Topic, Ration> rations = new EnumMap<>(Topic.class);
  private volatile String store = "";

  StoreLog(Clock clock, boolean simulated) {
    this.clock = clock;
    this.simulated = simulated;
  }

  /** Names the store in the lines that follow. */
  void store(Path directory) {
    store = directory.toString();
  }

  void opened(Options options, long lastRevision, int formatVersion) {
    say(
        Level.INFO,
        () ->
            String.format(
                Locale.ROOT,
                "opened %s (version %s, format %d) at revision %d; options that differ: %s",
                store,
                version(),
                formatVersion,
                lastRevision,
                differences(options)),
        null);
  }

  private static String version() {
    String version = StoreLog.class.getPackage().getImplementationVersion();
    return version == null ? "unpackaged" : version;
  }

  private static String differences(Options options) {
    Set<String> defaults = Set.copyOf(Options.defaults().describe().lines().toList());
    List<String> differ = new ArrayList<>();
    for (String line : options.describe().lines().toList()) {
      if (!defaults.contains(line)) {
        differ.add(line);
      }
    }
    return differ.isEmpty() ? "none" : String.join(", ", differ);
  }

  /** What was asked for is not what the store was made with. */
  void levelCountDiffers(int asked, int stored) {
    say(
        Level.WARNING,
        () ->
            String.format(
                Locale.ROOT,
                "%s has levelCount = %d, fixed when it was made; Options.levelCount = %d is left out",
                store, stored, asked),
        null);
  }

  void poisoned(Throwable cause) {
    say(
        Level.ERROR,
        () -> store + " takes no more writes; close it and open it again. The cause: " + cause,
        cause);
  }

  void damaged(CorruptionException damage) {
    say(Topic.DAMAGE, Level.WARNING, () -> "damage in " + store + ": " + damage.getMessage(), null);
  }

  void jobFailed(JobKind job, Throwable cause) {
    say(
        Topic.JOB,
        Level.WARNING,
        () ->
            String.format(
                Locale.ROOT,
                "a background job (%s) of %s failed and is tried again: %s",
                EventMeters.label(job),
                store,
                cause),
        cause);
  }

  /** The list of hot blocks cannot be used. */
  void coldStart(Throwable cause) {
    say(
        Level.INFO,
        () -> store + " begins with a cold cache of blocks: " + cause.getMessage(),
        null);
  }

  void diskFull(boolean full) {
    say(
        Topic.SPACE,
        Level.WARNING,
        () ->
            full
                ? "no room on the disk to flush the memtables of " + store
                : "there is room on the disk again to flush the memtables of " + store,
        null);
  }

  /** Writes the line of an event that is worth one. */
  void see(VizEvent event) {
    switch (event) {
      case RecoveryEvent.TailCut e ->
          say(
              Level.WARNING,
              () ->
                  String.format(
                      Locale.ROOT,
                      "recovery of %s left out a torn tail of %d bytes at offset %d of log segment"
                          + " %d: writes that were never reported as durable",
                      store,
                      e.cutBytes(),
                      e.keptBytes(),
                      e.segment()),
              null);
      case RecoveryEvent.Completed e ->
          say(
              Level.INFO,
              () ->
                  String.format(
                      Locale.ROOT,
                      "recovered %s after %s stop: %d log segments, %d entries replayed, revision"
                          + " %d, %d orphan files deleted, in %.3f s",
                      store,
                      e.cleanShutdown() ? "a clean" : "an unclean",
                      e.segments(),
                      e.entries(),
                      e.lastRevision(),
                      e.orphanFiles(),
                      e.nanos() * 1e-9),
              null);
      case PressureEvent.StallEnded e -> {
        if (e.nanos() >= STALL_NANOS_MIN) {
          say(
              Topic.STALL,
              Level.WARNING,
              () ->
                  String.format(
                      Locale.ROOT,
                      "writers of %s waited %.3f s: %s",
                      store,
                      e.nanos() * 1e-9,
                      EventMeters.label(e.cause())),
              null);
        }
      }
      case SnapshotEvent.Overdue e ->
          say(
              Topic.OVERDUE,
              Level.WARNING,
              () ->
                  String.format(
                      Locale.ROOT,
                      "snapshot %d of %s, at revision %d, has been open for %d s and keeps old"
                          + " versions from being dropped",
                      e.snapshotId(),
                      store,
                      e.revision(),
                      e.heldNanos() / NANOS_PER_SECOND),
              null);
      case SnapshotEvent.CursorOverdue e ->
          say(
              Topic.OVERDUE,
              Level.WARNING,
              () ->
                  String.format(
                      Locale.ROOT,
                      "a cursor of %s has been open for %d s and keeps %d files from being deleted",
                      store,
                      e.heldNanos() / NANOS_PER_SECOND,
                      e.filesHeld()),
              null);
      case CompactionEvent.Quarantined e ->
          say(
              Topic.JOB,
              Level.WARNING,
              () ->
                  String.format(
                      Locale.ROOT,
                      "slot %d of level %d of %s is put aside for %d s: %d compactions in a row"
                          + " failed, the last one for %s; other slots go on",
                      e.slot(),
                      e.level(),
                      store,
                      e.nanos() / NANOS_PER_SECOND,
                      e.failures(),
                      EventMeters.label(e.cause())),
              null);
      case CompactionEvent.Released e ->
          say(
              Level.INFO,
              () ->
                  "slot " + e.slot() + " of level " + e.level() + " of " + store
                      + " is merged again after " + e.failures() + " failures",
              null);
      case DecisionEvent.AdviserFailed e ->
          say(
              Topic.JOB,
              Level.WARNING,
              () ->
                  "the " + EventMeters.label(e.role()) + " " + e.name() + " of " + store
                      + " failed, times in a row: " + e.failuresInARow()
                      + (e.replaced() ? "; it is replaced by a safe one" : ""),
              null);
      case EngineEvent.FreeSpaceKnown e ->
          say(
              Level.INFO,
              () ->
                  e.known()
                      ? "the free space of " + store + " can be told"
                      : "the free space of " + store + " cannot be told: jobs find out by trying",
              null);
      case EngineEvent.PolicyChanged e ->
          say(
              Level.INFO,
              () -> "policy of " + store + ": " + e.to() + " in place of " + e.from(),
              null);
      case EngineEvent.Closed e ->
          say(
              Level.INFO,
              () ->
                  String.format(
                      Locale.ROOT,
                      "closed %s %s at revision %d, open for %d s",
                      store,
                      e.clean() ? "clean" : "with data that the next open replays",
                      e.lastRevision(),
                      e.openNanos() / NANOS_PER_SECOND),
              null);
      default -> {}
    }
  }

  private void say(Level level, Supplier<String> text, @Nullable Throwable cause) {
    log.log(simulated ? Level.DEBUG : level, text, cause);
  }

  private void say(Topic topic, Level level, Supplier<String> text, @Nullable Throwable cause) {
    int leftOut = take(topic);
    if (leftOut >= 0) {
      say(
          level,
          leftOut == 0
              ? text
              : () -> text.get() + " (" + leftOut + " lines like this were left out)",
          cause);
    }
  }

  /** Lines left out before this one, or -1 if this one is left out too. */
  private int take(Topic topic) {
    long now = clock.nanoTime();
    synchronized (rations) {
      Ration ration = rations.computeIfAbsent(topic, _ -> new Ration());
      if (ration.told >= BURST && now - ration.sinceNanos < PERIOD_NANOS) {
        ration.leftOut++;
        return -1;
      }
      ration.told++;
      ration.sinceNanos = now;
      int leftOut = ration.leftOut;
      ration.leftOut = 0;
      return leftOut;
    }
  }
}
