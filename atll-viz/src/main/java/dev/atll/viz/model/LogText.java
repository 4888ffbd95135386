package dev.atll.viz.model;

import static dev.atll.viz.model.LogLine.Topic.ADMISSION;
import static dev.atll.viz.model.LogLine.Topic.CACHE;
import static dev.atll.viz.model.LogLine.Topic.COMPACTION;
import static dev.atll.viz.model.LogLine.Topic.DAMAGE;
import static dev.atll.viz.model.LogLine.Topic.DECISION;
import static dev.atll.viz.model.LogLine.Topic.ENGINE;
import static dev.atll.viz.model.LogLine.Topic.FILES;
import static dev.atll.viz.model.LogLine.Topic.FLUSH;
import static dev.atll.viz.model.LogLine.Topic.GUARD;
import static dev.atll.viz.model.LogLine.Topic.PRESSURE;
import static dev.atll.viz.model.LogLine.Topic.READERS;
import static dev.atll.viz.model.LogLine.Topic.SLOT;
import static dev.atll.viz.model.LogLine.Topic.WAL;
import static dev.atll.viz.model.LogLine.Topic.WORKLOAD;
import static dev.atll.viz.model.LogLine.Topic.WORTH;
import static dev.atll.viz.model.Quantities.bytes;
import static dev.atll.viz.model.Quantities.nanos;
import static dev.atll.viz.model.Quantities.percent;
import static dev.atll.viz.model.Quantities.words;

import dev.atll.observe.event.ActionKind;
import dev.atll.observe.event.AdmissionEvent;
import dev.atll.observe.event.CacheEvent;
import dev.atll.observe.event.Candidate;
import dev.atll.observe.event.CompactionEvent;
import dev.atll.observe.event.CorruptionEvent;
import dev.atll.observe.event.DecisionEvent;
import dev.atll.observe.event.DecisionReason;
import dev.atll.observe.event.EngineEvent;
import dev.atll.observe.event.FlushEvent;
import dev.atll.observe.event.GuardEvent;
import dev.atll.observe.event.Outcome;
import dev.atll.observe.event.PressureEvent;
import dev.atll.observe.event.PressureZone;
import dev.atll.observe.event.RecoveryEvent;
import dev.atll.observe.event.RegretEvent;
import dev.atll.observe.event.SlotEvent;
import dev.atll.observe.event.SnapshotEvent;
import dev.atll.observe.event.StatsEvent;
import dev.atll.observe.event.TreeEvent;
import dev.atll.observe.event.VersionEvent;
import dev.atll.observe.event.VizEvent;
import dev.atll.observe.event.WalEvent;
import dev.atll.observe.event.WarmStart;
import dev.atll.observe.event.WorkloadEvent;
import org.jspecify.annotations.Nullable;

/** Puts events into words. Periodic summaries and steps on the way have none. */
final class LogText {
  private LogText() {}

  static @Nullable LogLine of(VizEvent event) {
    return switch (event) {
      case AdmissionEvent e -> admission(e);
      case CacheEvent e -> cache(e);
      case CompactionEvent e -> compaction(e);
      case CorruptionEvent e -> corruption(e);
      case DecisionEvent e -> decision(e);
      case EngineEvent e -> engine(e);
      case FlushEvent e -> flush(e);
      case GuardEvent e -> guard(e);
      case PressureEvent e -> pressure(e);
      case RecoveryEvent e -> recovery(e);
      case RegretEvent e -> regret(e);
      case SlotEvent e -> slot(e);
      case SnapshotEvent e -> snapshot(e);
      case StatsEvent _ -> null;
      case TreeEvent _ -> null;
      case VersionEvent e -> version(e);
      case WalEvent e -> wal(e);
      case WorkloadEvent e -> workload(e);
    };
  }

  private static @Nullable LogLine admission(AdmissionEvent event) {
    return switch (event) {
      case AdmissionEvent.Completed e ->
          LogLine.info(
                  ADMISSION,
                  "File "
                      + e.fileNumber()
                      + (e.whole() ? " admitted to " : " partly admitted to ")
                      + e.views()
                      + " slots of L"
                      + e.level()
                      + (e.bytesMoved() == 0
                          ? " by an edit, no byte moved"
                          : ", " + bytes(e.bytesMoved()) + " written"))
              .at(e.level(), -1);
    };
  }

  private static @Nullable LogLine cache(CacheEvent event) {
    return switch (event) {
      case CacheEvent.Measured _ -> null;
      case CacheEvent.Warmed e -> {
        String found =
            switch (e.outcome()) {
              case READ, STOPPED ->
                  e.blocksRead() + " of " + e.blocksListed() + " blocks that were hot are in the cache"
                      + (e.outcome() == WarmStart.READ ? "" : ", then it was stopped");
              case NO_LIST -> "The cache is cold: there is no list of hot blocks";
              case DAMAGED, UNREADABLE -> "The cache is cold: the list of hot blocks is of no use";
            };
        yield LogLine.info(CACHE, found);
      }
    };
  }

  private static @Nullable LogLine compaction(CompactionEvent event) {
    return switch (event) {
      case CompactionEvent.Scheduled _,
          CompactionEvent.Progress _,
          CompactionEvent.SliceDone _ ->
          null;
      case CompactionEvent.Started e ->
          LogLine.info(
                  COMPACTION,
                  where(e.kind(), e.level(), e.slot(), e.targetLevel()) + " began: " + e.runs()
                      + (e.runs() == 1 ? " run, " : " runs, ") + bytes(e.bytesPlanned()))
              .at(e.level(), e.slot());
      case CompactionEvent.Finished e -> {
        String text =
            where(e.kind(), e.level(), e.slot(), e.targetLevel()) + " " + words(e.outcome()) + ": "
                + bytes(e.bytesIn()) + " → " + bytes(e.bytesOut()) + " in " + nanos(e.nanos());
        LogLine line =
            e.outcome() == Outcome.FAILED
                ? LogLine.error(COMPACTION, text)
                : LogLine.note(COMPACTION, text);
        yield line.at(e.level(), e.slot());
      }
      case CompactionEvent.Quarantined e ->
          LogLine.error(
                  COMPACTION,
                  "Slot L" + e.level() + "·" + e.slot() + " is put aside for " + nanos(e.nanos())
                      + " after " + e.failures() + (e.failures() == 1 ? " failure: " : " failures: ")
                      + words(e.cause()))
              .at(e.level(), e.slot());
      case CompactionEvent.Released e ->
          LogLine.note(
                  COMPACTION,
                  "Slot L" + e.level() + "·" + e.slot() + " is merged again after "
                      + e.failures() + (e.failures() == 1 ? " failure" : " failures"))
              .at(e.level(), e.slot());
    };
  }

  private static String where(ActionKind kind, int level, int slot, int targetLevel) {
    String name = words(kind);
    return Character.toUpperCase(name.charAt(0)) + name.substring(1) + " in L" + level + "·" + slot
        + (targetLevel > level ? " to L" + targetLevel : "");
  }

  private static LogLine corruption(CorruptionEvent event) {
    return switch (event) {
      case CorruptionEvent.Detected e ->
          LogLine.error(
              DAMAGE,
              "Damage in " + words(e.file()) + " file " + e.fileNumber() + " at byte " + e.offset()
                  + ": " + words(e.cause()));
      case CorruptionEvent.Scrubbed e -> {
        String text =
            "Scrubbed " + e.files() + " files, " + bytes(e.bytes()) + ": " + e.faults() + " faults";
        yield e.faults() > 0 ? LogLine.error(DAMAGE, text) : LogLine.info(DAMAGE, text);
      }
    };
  }

  private static @Nullable LogLine decision(DecisionEvent event) {
    return switch (event) {
      case DecisionEvent.Made e -> {
        if (e.chosen() < 0) {
          yield null;
        }
        Candidate c = e.candidates().get(e.chosen());
        yield LogLine.info(
                DECISION,
                e.policy() + (e.explored() ? " explored " : " chose ") + words(c.kind()) + " of "
                    + c.runs() + " runs in L" + c.level() + "·" + c.slot() + " out of "
                    + e.candidates().size() + " for " + bytes(c.costBytes())
                    + (c.reason() == DecisionReason.UNKNOWN ? "" : ", why: " + words(c.reason()))
                    + (c.urgent() ? ", urgent" : ""))
            .at(c.level(), c.slot());
      }
      case DecisionEvent.AdviserFailed e ->
          LogLine.error(
              DECISION,
              "The " + words(e.role()) + " " + e.name() + " failed "
                  + (e.failuresInARow() == 1 ? "once" : e.failuresInARow() + " times in a row")
                  + (e.replaced() ? " and is replaced by a safe one" : ""));
      case DecisionEvent.Rewarded _, DecisionEvent.Looked _ -> null;
    };
  }

  private static LogLine engine(EngineEvent event) {
    return switch (event) {
      case EngineEvent.Opened e ->
          LogLine.note(
              ENGINE,
              "Store opened at revision " + e.lastRevision() + ", policy " + e.policy()
                  + ", durability " + words(e.durability()));
      case EngineEvent.FreeSpaceKnown e ->
          e.known()
              ? LogLine.note(ENGINE, "The system tells how much of the disk is free")
              : LogLine.note(
                  ENGINE, "The system cannot tell how much of the disk is free: jobs find out by trying");
      case EngineEvent.PolicyChanged e ->
          LogLine.note(ENGINE, "Policy changed from " + e.from() + " to " + e.to());
      case EngineEvent.Poisoned e ->
          LogLine.error(
              ENGINE,
              "The store refuses writes: " + words(e.cause()) + " in " + words(e.file())
                  + " file " + e.fileNumber());
      case EngineEvent.JobFailed e ->
          LogLine.warn(ENGINE, "A background job failed and is tried again: " + words(e.job()));
      case EngineEvent.Closed e ->
          LogLine.note(ENGINE, e.clean() ? "Store closed cleanly" : "Store closed, not cleanly");
    };
  }

  private static @Nullable LogLine flush(FlushEvent event) {
    return switch (event) {
      case FlushEvent.Triggered e ->
          LogLine.info(
              FLUSH,
              "Memtable " + e.memtableId() + " sealed at " + bytes(e.memtableBytes()) + " ("
                  + words(e.reason()) + ")");
      case FlushEvent.Started _ -> null;
      case FlushEvent.Completed e ->
          LogLine.note(
              FLUSH,
              "Memtable " + e.memtableId() + " flushed to file " + e.fileNumber() + ": "
                  + bytes(e.bytesOut()) + ", cut for " + e.views() + " slots, in "
                  + nanos(e.nanos()));
    };
  }

  private static LogLine guard(GuardEvent event) {
    return switch (event) {
      case GuardEvent.Split e ->
          LogLine.note(
                  GUARD,
                  "L" + e.level() + "·" + e.slot() + " split at " + percent(e.atFraction())
                      + " into " + bytes(e.leftBytes()) + " and " + bytes(e.rightBytes()))
              .at(e.level(), e.slot());
      case GuardEvent.Merged e ->
          LogLine.note(
                  GUARD,
                  "L" + e.level() + "·" + e.slot() + " joined with its neighbour, "
                      + bytes(e.bytes()))
              .at(e.level(), e.slot());
    };
  }

  private static LogLine pressure(PressureEvent event) {
    return switch (event) {
      case PressureEvent.ZoneChanged e -> {
        String text =
            "Pressure " + words(e.from()) + " → " + words(e.to()) + " (" + words(e.cause()) + ")";
        yield switch (e.to()) {
          case PressureZone.GREEN, PressureZone.YELLOW -> LogLine.note(PRESSURE, text);
          case PressureZone.ORANGE -> LogLine.warn(PRESSURE, text);
          case PressureZone.RED -> LogLine.error(PRESSURE, text);
        };
      }
      case PressureEvent.StallStarted e ->
          LogLine.error(
              PRESSURE,
              "Writers wait (" + words(e.cause()) + "): " + e.l0Files() + " L0 files, "
                  + e.sealedMemtables() + " sealed memtables, debt " + bytes(e.debtBytes()));
      case PressureEvent.DiskFull _ ->
          LogLine.error(PRESSURE, "The disk has no room for a flush");
      case PressureEvent.DiskFreed _ ->
          LogLine.note(PRESSURE, "The disk has room for flushes again");
      case PressureEvent.StallEnded e ->
          LogLine.note(
              PRESSURE,
              "Writers go on after " + nanos(e.nanos()) + ", " + e.writersDelayed() + " delayed");
    };
  }

  private static @Nullable LogLine recovery(RecoveryEvent event) {
    return switch (event) {
      case RecoveryEvent.Started e ->
          LogLine.note(
              ENGINE, "Recovery of " + e.segments() + " log segments, " + bytes(e.bytes()));
      case RecoveryEvent.SegmentReplayed _ -> null;
      case RecoveryEvent.TailCut e ->
          LogLine.warn(
              ENGINE, "Torn tail of segment " + e.segment() + " cut: " + bytes(e.cutBytes()));
      case RecoveryEvent.Completed e ->
          LogLine.note(
              ENGINE,
              "Recovered to revision " + e.lastRevision() + " in " + nanos(e.nanos())
                  + (e.cleanShutdown() ? "" : " after an unclean stop"));
    };
  }

  private static @Nullable LogLine regret(RegretEvent event) {
    return switch (event) {
      case RegretEvent.Measured _, RegretEvent.GainPredicted _ -> null;
      case RegretEvent.AdaptivityChanged e ->
          LogLine.note(
              WORTH,
              "Adapting each slot is switched " + (e.adaptive() ? "on" : "off")
                  + ": predicted gain at least " + percent(e.gainFractionLow()));
    };
  }

  private static @Nullable LogLine slot(SlotEvent event) {
    return switch (event) {
      case SlotEvent.Measured _, SlotEvent.Cached _ -> null;
      case SlotEvent.KChanged e ->
          LogLine.info(
                  SLOT,
                  "K of L" + e.level() + "·" + e.slot() + " goes from " + e.kFrom() + " to "
                      + e.kTo())
              .at(e.level(), e.slot());
    };
  }

  private static @Nullable LogLine snapshot(SnapshotEvent event) {
    return switch (event) {
      case SnapshotEvent.Opened _, SnapshotEvent.Closed _, SnapshotEvent.FloorRaised _ -> null;
      case SnapshotEvent.Overdue e ->
          LogLine.warn(
              READERS,
              "Snapshot " + e.snapshotId() + " is held for " + nanos(e.heldNanos())
                  + " and keeps dead entries");
      case SnapshotEvent.CursorOverdue e ->
          LogLine.warn(
              READERS,
              "A cursor is open for " + nanos(e.heldNanos()) + " and keeps " + e.filesHeld()
                  + " dead files");
    };
  }

  private static @Nullable LogLine version(VersionEvent event) {
    return switch (event) {
      case VersionEvent.Installed _ -> null;
      case VersionEvent.ManifestRolled e ->
          LogLine.info(FILES, "Manifest rolled to file " + e.fileNumber());
      case VersionEvent.FilesDeleted e ->
          LogLine.info(FILES, e.files() + " dead files deleted, " + bytes(e.bytes()) + " freed");
    };
  }

  private static @Nullable LogLine wal(WalEvent event) {
    return switch (event) {
      case WalEvent.SegmentRolled e ->
          LogLine.info(
              WAL,
              "Log segment " + e.segment() + " closed at " + bytes(e.closedBytes()) + ", "
                  + e.liveSegments() + " live");
      case WalEvent.Synced _ -> null;
      case WalEvent.Collected e ->
          LogLine.info(
              WAL, e.segments() + " log segments collected, " + bytes(e.bytes()) + " freed");
    };
  }

  private static LogLine workload(WorkloadEvent event) {
    return switch (event) {
      case WorkloadEvent.PhaseStarted e ->
          LogLine.note(
              WORKLOAD,
              "Workload phase " + e.phase() + " “" + e.name() + "”: "
                  + percent(e.readFraction()) + " reads, " + percent(e.hotShare()) + " of them on "
                  + percent(e.hotLowFraction()) + "–" + percent(e.hotHighFraction()));
    };
  }
}
