package dev.atll.bench.sim;

import dev.atll.bench.report.Numbers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A simulated run's result in the form of a report. */
public final class SimReport {
  private SimReport() {}

  /** All figures by name. */
  public static Map<String, Object> toMap(SimResult r) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("policy", r.policy());
    map.put("workload", r.workload());
    map.put("seed", r.seed());
    map.put("fanout", r.fanout());
    map.put("theta", r.theta());
    map.put("ops", r.ops());
    map.put("flushes", r.flushes());
    map.put("user_bytes_written", r.userBytes());
    map.put("write_amplification", Numbers.digits(r.writeAmplification()));
    map.put("write_amplification_log", Numbers.digits(r.logPart()));
    map.put("write_amplification_flush", Numbers.digits(r.flushPart()));
    map.put("write_amplification_compaction", Numbers.digits(r.compactionPart()));
    Map<String, Object> by = new TreeMap<>();
    r.compactionPartBy().forEach((reason, part) -> by.put(reason.name(), Numbers.digits(part)));
    map.put("write_amplification_by_reason", by);
    map.put("probes_per_get", Numbers.digits(r.probesPerGet()));
    map.put("blocks_per_get", Numbers.digits(r.blocksPerGet()));
    map.put("probes_per_miss", Numbers.digits(r.probesPerMiss()));
    map.put("blocks_per_miss", Numbers.digits(r.blocksPerMiss()));
    map.put("runs_per_seek", Numbers.digits(r.runsPerSeek()));
    map.put("write_nanos_per_op", Numbers.digits(r.writeNanosPerOp()));
    map.put("read_nanos_per_op", Numbers.digits(r.readNanosPerOp()));
    map.put("read_nanos_per_read", Numbers.digits(r.readNanosPerRead()));
    map.put("space_amplification", Numbers.digits(r.spaceAmplification()));
    map.put("space_amplification_max", Numbers.digits(r.spaceAmplificationMax()));
    map.put("jobs", r.jobs());
    map.put("moves", r.moves());
    map.put("splits", r.splits());
    map.put("looks", r.looks());
    Map<String, Object> decisions = new TreeMap<>();
    r.decisions().forEach((reason, count) -> decisions.put(reason.name(), count));
    map.put("decisions", decisions);
    map.put("virtual_seconds", Numbers.digits(r.seconds()));
    map.put("tombstone_age_max_millis", Numbers.digits(r.tombstoneAgeMaxMillis()));
    map.put("predicted_gain", Numbers.digits(r.predictedGain()));
    if (r.misses().asked() > 0) {
      map.put("blocks_asked", r.misses().asked());
      map.put("blocks_missed", r.misses().missed());
      map.put("device_reads", r.misses().fromDevice());
      map.put("block_miss_ratio", Numbers.digits(r.misses().missRatio()));
      map.put("wait_nanos_per_read", Numbers.digits(r.misses().waitNanosPerRead()));
      map.put(
          "block_miss_ratio_by_level",
          r.misses().levels().stream().map(l -> Numbers.digits(l.missRatio())).toList());
    }
    map.put("levels", r.levels().stream().map(SimReport::level).toList());
    if (!r.timeline().isEmpty()) {
      map.put("timeline", r.timeline().stream().map(SimReport::point).toList());
    }
    return map;
  }

  private static Map<String, Object> level(SimResult.LevelShape level) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("level", level.level());
    map.put("bytes", Math.round(level.bytes()));
    map.put("slots", level.slots());
    map.put("runs", level.runs());
    map.put("slots_by_runs", level.slotsByRuns());
    return map;
  }

  private static List<Object> point(SimPoint p) {
    return List.of(
        p.ops(),
        Numbers.digits(p.writeAmplification()),
        Numbers.digits(p.probesPerGet()),
        Numbers.digits(p.runsPerSeek()),
        Numbers.digits(p.readNanosPerRead()),
        Numbers.digits(p.spaceAmplification()),
        p.runs());
  }

  /** Runs ÷ slots of each level, in a word. */
  public static String shape(SimResult r) {
    StringBuilder text = new StringBuilder();
    for (SimResult.LevelShape level : r.levels()) {
      text.append(text.isEmpty() ? "" : " ").append(level.runs()).append('/').append(level.slots());
    }
    return text.toString();
  }
}
