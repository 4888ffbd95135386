package dev.atll.observe.jfr;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/**
 * The shapes of our flight recorder events. Their own duration is empty, since they are written
 * when the thing is over; the time it took is the field {@code nanos}.
 */
final class JfrEvents {
  private JfrEvents() {}

  /** Every event class, for asking whether any is wanted. */
  @SuppressWarnings({"unchecked", "rawtypes"}) // Java has no arrays of generic types.
  static Class<? extends Event>[] all() {
    return new Class[] {
      CompactionJfr.class,
      CompactionSliceJfr.class,
      FlushJfr.class,
      DecisionJfr.class,
      ManifestInstallJfr.class,
      WalSyncJfr.class,
      WriteStallJfr.class,
      PressureZoneJfr.class,
      SlotKJfr.class,
      RecoveryJfr.class,
      CorruptionJfr.class
    };
  }

  @Name("atll.Compaction")
  @Label("Compaction")
  @Description("One finished compaction job")
  @Category("ATLL")
  @StackTrace(false)
  static final class CompactionJfr extends Event {
    @Label("Job")
    long jobId;

    @Label("Outcome")
    @Nullable String outcome;

    @Label("Kind")
    @Nullable String kind;

    @Label("Level")
    int level;

    @Label("Slot")
    int slot;

    @Label("Target level")
    int targetLevel;

    @Label("Bytes read")
    @DataAmount
    long bytesIn;

    @Label("Bytes written")
    @DataAmount
    long bytesOut;

    @Label("Entries read")
    long entriesIn;

    @Label("Entries written")
    long entriesOut;

    @Label("Time taken")
    @Timespan(Timespan.NANOSECONDS)
    long nanos;
  }

  @Name("atll.CompactionSlice")
  @Label("Compaction slice")
  @Description("One slice of a compaction job")
  @Category("ATLL")
  @StackTrace(false)
  static final class CompactionSliceJfr extends Event {
    @Label("Job")
    long jobId;

    @Label("Slice")
    int slice;

    @Label("Bytes read")
    @DataAmount
    long bytesIn;

    @Label("Bytes written")
    @DataAmount
    long bytesOut;

    @Label("Time taken")
    @Timespan(Timespan.NANOSECONDS)
    long nanos;
  }

  @Name("atll.Flush")
  @Label("Flush")
  @Description("One flushed memtable")
  @Category("ATLL")
  @StackTrace(false)
  static final class FlushJfr extends Event {
    @Label("Memtable")
    long memtableId;

    @Label("Entries")
    long entriesIn;

    @Label("Bytes written")
    @DataAmount
    long bytesOut;

    @Label("Views")
    int views;

    @Label("Time taken")
    @Timespan(Timespan.NANOSECONDS)
    long nanos;
  }

  @Name("atll.Decision")
  @Label("Decision")
  @Description("One decision of the policy")
  @Category("ATLL")
  @StackTrace(false)
  static final class DecisionJfr extends Event {
    @Label("Decision")
    long decisionId;

    @Label("Policy")
    @Nullable String policy;

    @Label("Candidates")
    int candidates;

    @Label("Chosen")
    int chosen;

    @Label("Reason")
    @Nullable String reason;

    @Label("Threshold")
    double theta;

    @Label("Price")
    double price;

    @Label("Propensity")
    double propensity;

    @Label("Explored")
    boolean explored;

    @Label("Time taken")
    @Timespan(Timespan.NANOSECONDS)
    long nanos;
  }

  @Name("atll.ManifestInstall")
  @Label("Manifest install")
  @Description("One version made durable and current")
  @Category("ATLL")
  @StackTrace(false)
  static final class ManifestInstallJfr extends Event {
    @Label("Version")
    long versionId;

    @Label("Runs added")
    int runsAdded;

    @Label("Runs removed")
    int runsRemoved;

    @Label("Record size")
    @DataAmount
    long recordBytes;

    @Label("Time taken")
    @Timespan(Timespan.NANOSECONDS)
    long nanos;
  }

  @Name("atll.WalSync")
  @Label("Wal sync")
  @Description("The log forced to disk")
  @Category("ATLL")
  @StackTrace(false)
  static final class WalSyncJfr extends Event {
    @Label("Segment")
    long segment;

    @Label("Bytes")
    @DataAmount
    long bytes;

    @Label("Batches")
    long batches;

    @Label("Time taken")
    @Timespan(Timespan.NANOSECONDS)
    long nanos;
  }

  @Name("atll.WriteStall")
  @Label("Write stall")
  @Description("Writers made to wait")
  @Category("ATLL")
  @StackTrace(false)
  static final class WriteStallJfr extends Event {
    @Label("Cause")
    @Nullable String cause;

    @Label("Writers delayed")
    long writersDelayed;

    @Label("Time taken")
    @Timespan(Timespan.NANOSECONDS)
    long nanos;
  }

  @Name("atll.PressureZone")
  @Label("Pressure zone")
  @Description("Change of the pressure zone")
  @Category("ATLL")
  @StackTrace(false)
  static final class PressureZoneJfr extends Event {
    @Label("From")
    @Nullable String from;

    @Label("To")
    @Nullable String to;

    @Label("Cause")
    @Nullable String cause;
  }

  @Name("atll.SlotK")
  @Label("Slot k")
  @Description("Change of a slot's number of runs")
  @Category("ATLL")
  @StackTrace(false)
  static final class SlotKJfr extends Event {
    @Label("Level")
    int level;

    @Label("Slot")
    int slot;

    @Label("From")
    int kFrom;

    @Label("To")
    int kTo;

    @Label("Heat")
    double heat;
  }

  @Name("atll.Recovery")
  @Label("Recovery")
  @Description("The store rebuilt after opening")
  @Category("ATLL")
  @StackTrace(false)
  static final class RecoveryJfr extends Event {
    @Label("Segments")
    int segments;

    @Label("Entries")
    long entries;

    @Label("Clean shutdown")
    boolean cleanShutdown;

    @Label("Time taken")
    @Timespan(Timespan.NANOSECONDS)
    long nanos;
  }

  @Name("atll.Corruption")
  @Label("Corruption")
  @Description("Damage found in stored bytes")
  @Category("ATLL")
  @StackTrace(false)
  static final class CorruptionJfr extends Event {
    @Label("File kind")
    @Nullable String file;

    @Label("File number")
    long fileNumber;

    @Label("Offset")
    long offset;

    @Label("Cause")
    @Nullable String cause;
  }
}
