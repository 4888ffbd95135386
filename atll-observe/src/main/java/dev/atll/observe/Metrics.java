package dev.atll.observe;

import static dev.atll.observe.MetricName.counter;
import static dev.atll.observe.MetricName.gauge;
import static dev.atll.observe.MetricName.histogram;
import static dev.atll.observe.MetricUnit.BYTES;
import static dev.atll.observe.MetricUnit.COUNT;
import static dev.atll.observe.MetricUnit.NANOS;
import static dev.atll.observe.MetricUnit.RATIO;

import java.util.List;

/** Every metric of the engine; {@link PromisedNames} maps the source design's names to these. */
public final class Metrics {
  /** Operations, labelled by kind: get, put, delete, scan. */
  public static final MetricName OPS = counter("atll.ops", COUNT, "Operations finished.", "op");

  /** Sampled latency of operations: get, and put for every write. */
  public static final MetricName OP_LATENCY =
      histogram("atll.op.latency", NANOS, "Latency of sampled operations.", "op");

  /**
   * Bytes of keys and values that users wrote (direction in), and of values that point reads found
   * (out, estimated from the measured ones; scans are left out).
   */
  public static final MetricName USER_BYTES =
      counter(
          "atll.user.bytes",
          BYTES,
          "Key and value bytes written by users (in), value bytes found by point reads (out).",
          "direction");

  /** Bytes appended to the log. */
  public static final MetricName WAL_BYTES =
      counter("atll.wal.bytes", BYTES, "Bytes appended to the write-ahead log.");

  /** Forces of the log to disk. */
  public static final MetricName WAL_SYNC =
      histogram("atll.wal.sync", NANOS, "Duration of log forces.");

  /** Rounds of log collection. */
  public static final MetricName WAL_GC =
      histogram("atll.wal.gc", NANOS, "Duration of log collection rounds.");

  /** Log segments deleted. */
  public static final MetricName WAL_SEGMENTS_DELETED =
      counter("atll.wal.segments.deleted", COUNT, "Log segments deleted.");

  /** Log segments that exist. */
  public static final MetricName WAL_SEGMENTS =
      gauge("atll.wal.segments", COUNT, "Log segments on disk.");

  /** Flush jobs. */
  public static final MetricName FLUSH = histogram("atll.flush", NANOS, "Duration of flush jobs.");

  /** Bytes written by flushes. */
  public static final MetricName FLUSH_BYTES =
      counter("atll.flush.bytes", BYTES, "Table bytes written by flushes.");

  /** Compaction jobs, by the level they start from. */
  public static final MetricName COMPACTION =
      histogram("atll.compaction", NANOS, "Duration of compaction jobs.", "level");

  /** Bytes read (in) and written (out) by compactions. */
  public static final MetricName COMPACTION_BYTES =
      counter(
          "atll.compaction.bytes",
          BYTES,
          "Table bytes moved by compactions.",
          "direction",
          "level");

  /** Entries dropped: shadowed or tombstone. */
  public static final MetricName COMPACTION_DROPPED =
      counter("atll.compaction.dropped", COUNT, "Entries dropped by compactions.", "reason");

  /** Bytes that wait for compaction. */
  public static final MetricName COMPACTION_DEBT =
      gauge("atll.compaction.debt", BYTES, "Bytes that wait for compaction.");

  /** Time that writers waited, by cause. */
  public static final MetricName WRITE_STALL =
      histogram("atll.write.stall", NANOS, "Duration of write stalls.", "cause");

  /** Pressure zone, 0 green to 3 red. */
  public static final MetricName PRESSURE_ZONE =
      gauge("atll.pressure.zone", COUNT, "Pressure zone, 0 green to 3 red.");

  /**
   * Amplification: write (all bytes written ÷ those of users, the log included), compaction_write
   * (table bytes written ÷ those of flushes, which is what closed forms predict), read_point, space.
   */
  public static final MetricName AMPLIFICATION =
      gauge(
          "atll.amplification",
          RATIO,
          "Measured amplification; compaction_write leaves the log out, write counts all.",
          "kind");

  /** Table bytes: live or dead. */
  public static final MetricName SPACE_BYTES =
      gauge("atll.space.bytes", BYTES, "Table bytes on disk.", "state");

  /** L0 files. */
  public static final MetricName L0_FILES = gauge("atll.l0.files", COUNT, "Files in L0.");

  /** Runs of a level. */
  public static final MetricName LEVEL_RUNS =
      gauge("atll.level.runs", COUNT, "Runs of a level.", "level");

  /** Bytes of a level. */
  public static final MetricName LEVEL_BYTES =
      gauge("atll.level.bytes", BYTES, "Bytes of a level.", "level");

  /** Runs a slot may hold. */
  public static final MetricName SLOT_K =
      gauge("atll.slot.k", COUNT, "Runs a slot may hold.", "level", "slot");

  /** Heat of a slot. */
  public static final MetricName SLOT_HEAT =
      gauge("atll.slot.heat", RATIO, "Decayed access weight of a slot.", "level", "slot");

  /** Share of a slot's blocks that a cache had, of late; NaN while none was asked of a cache. */
  public static final MetricName SLOT_HIT_RATIO =
      gauge(
          "atll.slot.hit.ratio",
          RATIO,
          "Share of a slot's blocks that a cache had, of late.",
          "level",
          "slot");

  /** Bytes in memtables: active or sealed. */
  public static final MetricName MEMTABLE_BYTES =
      gauge("atll.memtable.bytes", BYTES, "Bytes in memtables.", "state");

  /** Cache lookups: result hit or miss. */
  public static final MetricName CACHE_REQUESTS =
      counter("atll.cache.requests", COUNT, "Cache lookups.", "cache", "result");

  /** Bytes in a cache. */
  public static final MetricName CACHE_BYTES =
      gauge("atll.cache.bytes", BYTES, "Bytes held by a cache.", "cache");

  /** Most that a cache may take. */
  public static final MetricName CACHE_CAPACITY =
      gauge("atll.cache.capacity", BYTES, "Most bytes that a cache may hold.", "cache");

  /** Memory there is for tables: while all fit it they are read in place. */
  public static final MetricName TABLE_MEMORY =
      gauge("atll.table.memory", BYTES, "Memory for tables, by caches of blocks or in place.");

  /** Filter probes: negative, true_positive, false_positive; estimated from the measured gets. */
  public static final MetricName FILTER_PROBES =
      counter(
          "atll.filter.probes", COUNT, "Filter probes, estimated from measured gets.", "result");

  /** Decisions of a policy, by the reason of what was chosen (see {@code DecisionReason}). */
  public static final MetricName DECISIONS =
      counter("atll.decisions", COUNT, "Decisions made.", "policy", "reason");

  /** Cost spent over hindsight cost. */
  public static final MetricName REGRET_RATIO =
      gauge("atll.regret.ratio", RATIO, "Cost spent over the hindsight optimum.");

  /** Open snapshots. */
  public static final MetricName SNAPSHOTS_OPEN =
      gauge("atll.snapshots.open", COUNT, "Open snapshots.");

  /** Damage found, by kind of file. */
  public static final MetricName CORRUPTIONS =
      counter("atll.corruptions", COUNT, "Damage found in stored bytes.", "file");

  /** Events lost because a receiver was slow. */
  public static final MetricName EVENTS_DROPPED =
      counter("atll.events.dropped", COUNT, "Events lost to slow receivers.");

  private static final List<MetricName> ALL =
      List.of(
          OPS,
          OP_LATENCY,
          USER_BYTES,
          WAL_BYTES,
          WAL_SYNC,
          WAL_GC,
          WAL_SEGMENTS_DELETED,
          WAL_SEGMENTS,
          FLUSH,
          FLUSH_BYTES,
          COMPACTION,
          COMPACTION_BYTES,
          COMPACTION_DROPPED,
          COMPACTION_DEBT,
          WRITE_STALL,
          PRESSURE_ZONE,
          AMPLIFICATION,
          SPACE_BYTES,
          L0_FILES,
          LEVEL_RUNS,
          LEVEL_BYTES,
          SLOT_K,
          SLOT_HEAT,
          SLOT_HIT_RATIO,
          MEMTABLE_BYTES,
          CACHE_REQUESTS,
          CACHE_BYTES,
          CACHE_CAPACITY,
          TABLE_MEMORY,
          FILTER_PROBES,
          DECISIONS,
          REGRET_RATIO,
          SNAPSHOTS_OPEN,
          CORRUPTIONS,
          EVENTS_DROPPED);

  private Metrics() {}

  /**
   * All metrics, in the order above.
   *
   * @return an immutable list
   */
  public static List<MetricName> all() {
    return ALL;
  }
}
