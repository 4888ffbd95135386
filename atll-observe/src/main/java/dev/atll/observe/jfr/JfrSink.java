package dev.atll.observe.jfr;

import dev.atll.observe.EventSink;
import dev.atll.observe.event.AdmissionEvent;
import dev.atll.observe.event.CacheEvent;
import dev.atll.observe.event.CompactionEvent;
import dev.atll.observe.event.CorruptionEvent;
import dev.atll.observe.event.DecisionEvent;
import dev.atll.observe.event.EngineEvent;
import dev.atll.observe.event.FlushEvent;
import dev.atll.observe.event.GuardEvent;
import dev.atll.observe.event.PressureEvent;
import dev.atll.observe.event.RecoveryEvent;
import dev.atll.observe.event.RegretEvent;
import dev.atll.observe.event.SlotEvent;
import dev.atll.observe.event.SnapshotEvent;
import dev.atll.observe.event.StatsEvent;
import dev.atll.observe.event.TreeEvent;
import dev.atll.observe.event.VersionEvent;
import dev.atll.observe.event.VizEvent;
import dev.atll.observe.event.WalEvent;
import dev.atll.observe.event.WorkloadEvent;
import java.util.Arrays;
import jdk.jfr.EventType;
import jdk.jfr.FlightRecorder;

/**
 * Writes turning points to the JDK Flight Recorder, on the thread that emits them.
 *
 * <p>Without a recording it is not enabled and builds nothing. The settings file {@code atll.jfc}
 * in this package turns all its events on. Safe for any number of threads.
 */
public final class JfrSink implements EventSink {

  /** Asks the flight recorder once which of our events it knows; it answers live after that. */
  private static final class Types {
    static final EventType[] ALL =
        Arrays.stream(JfrEvents.all()).map(EventType::getEventType).toArray(EventType[]::new);
  }

  /** A sink for whatever recordings there are. */
  public JfrSink() {}

  @Override
  public boolean enabled() {
    // Asking for the types would start the recorder, which costs time and memory.
    if (!FlightRecorder.isInitialized()) {
      return false;
    }
    for (EventType type : Types.ALL) {
      if (type.isEnabled()) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void emit(VizEvent event) {
    switch (event) {
      case CompactionEvent.Finished finished -> write(finished);
      case CompactionEvent.SliceDone slice -> write(slice);
      case FlushEvent.Completed flush -> write(flush);
      case DecisionEvent.Made made -> write(made);
      case VersionEvent.Installed installed -> write(installed);
      case WalEvent.Synced synced -> write(synced);
      case PressureEvent.StallEnded stall -> write(stall);
      case PressureEvent.ZoneChanged zone -> write(zone);
      case SlotEvent.KChanged changed -> write(changed);
      case RecoveryEvent.Completed recovery -> write(recovery);
      case CorruptionEvent.Detected damage -> write(damage);
      case AdmissionEvent _,
          CacheEvent _,
          CompactionEvent _,
          CorruptionEvent _,
          DecisionEvent _,
          EngineEvent _,
          FlushEvent _,
          GuardEvent _,
          PressureEvent _,
          RecoveryEvent _,
          RegretEvent _,
          SlotEvent _,
          SnapshotEvent _,
          StatsEvent _,
          TreeEvent _,
          VersionEvent _,
          WalEvent _,
          WorkloadEvent _ -> {}
    }
  }

  private static void write(CompactionEvent.Finished finished) {
    JfrEvents.CompactionJfr out = new JfrEvents.CompactionJfr();
    if (out.shouldCommit()) {
      out.jobId = finished.jobId();
      out.outcome = finished.outcome().name();
      out.kind = finished.kind().name();
      out.level = finished.level();
      out.slot = finished.slot();
      out.targetLevel = finished.targetLevel();
      out.bytesIn = finished.bytesIn();
      out.bytesOut = finished.bytesOut();
      out.entriesIn = finished.entriesIn();
      out.entriesOut = finished.entriesOut();
      out.nanos = finished.nanos();
      out.commit();
    }
  }

  private static void write(CompactionEvent.SliceDone slice) {
    JfrEvents.CompactionSliceJfr out = new JfrEvents.CompactionSliceJfr();
    if (out.shouldCommit()) {
      out.jobId = slice.jobId();
      out.slice = slice.slice();
      out.bytesIn = slice.bytesIn();
      out.bytesOut = slice.bytesOut();
      out.nanos = slice.nanos();
      out.commit();
    }
  }

  private static void write(FlushEvent.Completed flush) {
    JfrEvents.FlushJfr out = new JfrEvents.FlushJfr();
    if (out.shouldCommit()) {
      out.memtableId = flush.memtableId();
      out.entriesIn = flush.entriesIn();
      out.bytesOut = flush.bytesOut();
      out.views = flush.views();
      out.nanos = flush.nanos();
      out.commit();
    }
  }

  private static void write(DecisionEvent.Made made) {
    JfrEvents.DecisionJfr out = new JfrEvents.DecisionJfr();
    if (out.shouldCommit()) {
      out.decisionId = made.decisionId();
      out.policy = made.policy().value();
      out.candidates = made.candidates().size();
      out.chosen = made.chosen();
      out.reason =
          made.chosen() < 0 ? null : made.candidates().get(made.chosen()).reason().name();
      out.theta = made.theta();
      out.price = made.price();
      out.propensity = made.propensity();
      out.explored = made.explored();
      out.nanos = made.planNanos();
      out.commit();
    }
  }

  private static void write(VersionEvent.Installed installed) {
    JfrEvents.ManifestInstallJfr out = new JfrEvents.ManifestInstallJfr();
    if (out.shouldCommit()) {
      out.versionId = installed.versionId();
      out.runsAdded = installed.runsAdded();
      out.runsRemoved = installed.runsRemoved();
      out.recordBytes = installed.recordBytes();
      out.nanos = installed.nanos();
      out.commit();
    }
  }

  private static void write(WalEvent.Synced synced) {
    JfrEvents.WalSyncJfr out = new JfrEvents.WalSyncJfr();
    if (out.shouldCommit()) {
      out.segment = synced.segment();
      out.bytes = synced.bytes();
      out.batches = synced.batches();
      out.nanos = synced.nanos();
      out.commit();
    }
  }

  private static void write(PressureEvent.StallEnded stall) {
    JfrEvents.WriteStallJfr out = new JfrEvents.WriteStallJfr();
    if (out.shouldCommit()) {
      out.cause = stall.cause().name();
      out.writersDelayed = stall.writersDelayed();
      out.nanos = stall.nanos();
      out.commit();
    }
  }

  private static void write(PressureEvent.ZoneChanged zone) {
    JfrEvents.PressureZoneJfr out = new JfrEvents.PressureZoneJfr();
    if (out.shouldCommit()) {
      out.from = zone.from().name();
      out.to = zone.to().name();
      out.cause = zone.cause().name();
      out.commit();
    }
  }

  private static void write(SlotEvent.KChanged changed) {
    JfrEvents.SlotKJfr out = new JfrEvents.SlotKJfr();
    if (out.shouldCommit()) {
      out.level = changed.level();
      out.slot = changed.slot();
      out.kFrom = changed.kFrom();
      out.kTo = changed.kTo();
      out.heat = changed.heat();
      out.commit();
    }
  }

  private static void write(RecoveryEvent.Completed recovery) {
    JfrEvents.RecoveryJfr out = new JfrEvents.RecoveryJfr();
    if (out.shouldCommit()) {
      out.segments = recovery.segments();
      out.entries = recovery.entries();
      out.cleanShutdown = recovery.cleanShutdown();
      out.nanos = recovery.nanos();
      out.commit();
    }
  }

  private static void write(CorruptionEvent.Detected damage) {
    JfrEvents.CorruptionJfr out = new JfrEvents.CorruptionJfr();
    if (out.shouldCommit()) {
      out.file = damage.file().name();
      out.fileNumber = damage.fileNumber();
      out.offset = damage.offset();
      out.cause = damage.cause().name();
      out.commit();
    }
  }
}
