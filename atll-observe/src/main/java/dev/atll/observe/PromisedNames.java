package dev.atll.observe;

import java.util.List;

/**
 * The table from the source design's metric names to ours.
 *
 * <p>Ours follow one convention (dotted, base units, labels instead of name parts) so that each
 * backend can derive its own; the promised names are kept as views of them.
 */
public final class PromisedNames {
  private static final double NANOS_TO_MILLIS = 1e-6;

  private static final List<PromisedName> ALL =
      List.of(
          new PromisedName("wal_gc_latency_ms", Metrics.WAL_GC, null, null, NANOS_TO_MILLIS),
          new PromisedName(
              "wal_segments_deleted_total", Metrics.WAL_SEGMENTS_DELETED, null, null, 1),
          new PromisedName("wal_segment_count", Metrics.WAL_SEGMENTS, null, null, 1),
          new PromisedName("compaction.bytes_in", Metrics.COMPACTION_BYTES, "direction", "in", 1),
          new PromisedName("compaction.bytes_out", Metrics.COMPACTION_BYTES, "direction", "out", 1),
          new PromisedName("write_amplification", Metrics.AMPLIFICATION, "kind", "write", 1),
          new PromisedName(
              "read_amplification_point", Metrics.AMPLIFICATION, "kind", "read_point", 1),
          new PromisedName("space_amplification", Metrics.AMPLIFICATION, "kind", "space", 1),
          new PromisedName("slot.K_current", Metrics.SLOT_K, null, null, 1),
          new PromisedName("slot.heat", Metrics.SLOT_HEAT, null, null, 1));

  private PromisedNames() {}

  /**
   * The whole table.
   *
   * @return an immutable list
   */
  public static List<PromisedName> all() {
    return ALL;
  }
}
