package dev.atll.bench.experiment;

import dev.atll.api.Stats;
import dev.atll.bench.report.Numbers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What our engine's statistics say, in the form of a report. */
final class StatsReport {
  private StatsReport() {}

  /**
   * Runs asked for a read on average: filters asked for a point read, runs positioned for a scan; 0
   * without reads.
   */
  static double readAmplification(Stats stats) {
    long reads = stats.gets() + stats.seeks();
    return Numbers.ratio(
        stats.gets() * stats.probesPerGet() + stats.seeks() * stats.runsPerSeek(),
        (double) reads);
  }

  /** Guards of all levels below level 0. */
  static long guards(Stats stats) {
    long guards = 0;
    for (Stats.LevelStats level : stats.levels()) {
      if (level.level() > 0) {
        guards += Math.max(0, level.slotRuns().size() - 1);
      }
    }
    return guards;
  }

  static Map<String, Object> toMap(Stats stats) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("log_bytes_written", stats.logBytesWritten());
    map.put("flush_bytes_written", stats.flushBytesWritten());
    map.put("compaction_bytes_read", stats.compactionBytesRead());
    map.put("compaction_bytes_written", stats.compactionBytesWritten());
    map.put("manifest_bytes_written", stats.manifestBytesWritten());
    map.put(
        "compaction_write_amplification", Numbers.digits(stats.compactionWriteAmplification()));
    map.put("flushes", stats.flushes());
    map.put("compactions", stats.compactions());
    map.put("admissions", stats.admissions());
    map.put("moves", stats.moves());
    map.put("probes_per_get", Numbers.digits(stats.probesPerGet()));
    map.put("blocks_per_get", Numbers.digits(stats.blocksPerGet()));
    map.put("runs_per_seek", Numbers.digits(stats.runsPerSeek()));
    map.put("table_bytes", stats.tableBytes());
    map.put("log_bytes", stats.logBytes());
    map.put("stall_seconds", Numbers.digits(stats.stallNanos() / 1e9));
    map.put("debt_bytes", stats.debtBytes());
    return map;
  }

  /** Each level's size, its slots and how many runs each of them has. */
  static List<Map<String, Object>> levels(Stats stats) {
    return stats.levels().stream().map(StatsReport::level).toList();
  }

  private static Map<String, Object> level(Stats.LevelStats level) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("level", level.level());
    map.put("bytes", level.bytes());
    map.put("entries", level.entries());
    map.put("slots", level.slotRuns().size());
    map.put("runs", level.slotRuns().stream().mapToInt(Integer::intValue).sum());
    map.put("slot_runs", level.slotRuns());
    return map;
  }
}
