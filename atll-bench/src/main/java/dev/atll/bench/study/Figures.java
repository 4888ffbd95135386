package dev.atll.bench.study;

import dev.atll.api.Stats;
import dev.atll.bench.experiment.EngineRun;
import dev.atll.bench.report.Numbers;
import dev.atll.bench.sim.SimReport;
import dev.atll.bench.sim.SimResult;
import dev.atll.policy.UnitCosts;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one run came to, the same for simulator and engine.
 *
 * @param layer "simulator" or "engine"
 * @param contender what was compared: a policy with its parameters
 * @param workload what was run
 * @param seed the seed
 * @param writeAmplification table bytes written by flushes and compactions ÷ user bytes
 * @param probesPerGet filters asked by a get
 * @param blocksPerGet blocks read by a get
 * @param runsPerSeek runs positioned by a seek
 * @param writeNanosPerOp unit price of flushes and compactions
 * @param readNanosPerOp unit price of probes, blocks and seeks
 * @param readNanosPerRead the same for each read
 * @param spaceAmplification table bytes ÷ bytes of live entries
 * @param flushes flushes
 * @param all every figure there is, for the raw lines
 */
record Figures(
    String layer,
    String contender,
    String workload,
    long seed,
    double writeAmplification,
    double probesPerGet,
    double blocksPerGet,
    double runsPerSeek,
    double writeNanosPerOp,
    double readNanosPerOp,
    double readNanosPerRead,
    double spaceAmplification,
    double flushes,
    Map<String, Object> all) {

  /** Unit price of everything. */
  double nanosPerOp() {
    return writeNanosPerOp + readNanosPerOp;
  }

  static Figures of(String contender, String workload, SimResult r) {
    Map<String, Object> all = head("simulator", contender, workload, r.seed());
    all.putAll(SimReport.toMap(r));
    all.put("workload", workload);
    double gets = r.probesPerGet();
    return new Figures(
        "simulator",
        contender,
        workload,
        r.seed(),
        r.flushPart() + r.compactionPart(),
        gets > 0 ? gets : r.probesPerMiss(),
        gets > 0 ? r.blocksPerGet() : r.blocksPerMiss(),
        r.runsPerSeek(),
        r.writeNanosPerOp(),
        r.readNanosPerOp(),
        r.readNanosPerRead(),
        r.spaceAmplification(),
        r.flushes(),
        all);
  }

  static Figures of(
      String contender, String workload, long seed, EngineRun.Cost c, UnitCosts costs) {
    double write =
        c.compactionBytesRead() * costs.readByteNanos()
            + (c.flushBytes() + c.compactionBytesWritten()) * costs.writeByteNanos();
    double read =
        c.gets()
                * (c.probesPerGet() * costs.probeNanos()
                    + c.blocksPerGet() * costs.blockReadNanos())
            + c.seeks() * c.runsPerSeek() * costs.seekNanos();
    Map<String, Object> all = head("engine", contender, workload, seed);
    double amplification =
        Numbers.ratio(c.flushBytes() + c.compactionBytesWritten(), c.userBytes());
    all.put("ops", c.ops());
    all.put("flushes", c.flushes());
    all.put("user_bytes_written", c.userBytes());
    all.put("write_amplification", Numbers.digits(Numbers.ratio(c.allBytesWritten(), c.userBytes())));
    all.put("write_amplification_tables", Numbers.digits(amplification));
    all.put("compaction_bytes_read", c.compactionBytesRead());
    all.put("probes_per_get", Numbers.digits(c.probesPerGet()));
    all.put("blocks_per_get", Numbers.digits(c.blocksPerGet()));
    all.put("runs_per_seek", Numbers.digits(c.runsPerSeek()));
    all.put("write_nanos_per_op", Numbers.digits(write / c.ops()));
    all.put("read_nanos_per_op", Numbers.digits(read / c.ops()));
    all.put("space_amplification", Numbers.digits(c.spaceAmplification()));
    all.put("read_nanos_per_read", Numbers.digits(Numbers.ratio(read, c.gets() + c.seeks())));
    all.put("space_amplification_max", Numbers.digits(c.spaceAmplificationMax()));
    all.put("drift", Numbers.digits(c.drift()));
    all.put("flushes_ever", c.flushesEver());
    all.put("levels", levels(c.levels()));
    all.put("seconds", Numbers.digits(c.seconds()));
    all.put("ops_per_s", Numbers.digits(Numbers.ratio(c.ops(), c.seconds())));
    all.put("settle_seconds", Numbers.digits(c.settleSeconds()));
    all.put("wall_nanos_per_op", Numbers.digits((c.seconds() + c.settleSeconds()) * 1e9 / c.ops()));
    all.put("cpu_nanos_per_op", Numbers.digits(c.cpuSeconds() * 1e9 / c.ops()));
    all.put("gc_seconds", Numbers.digits(c.gcSeconds()));
    all.put("writes_stalled", c.writesStalled());
    all.put("stall_seconds", Numbers.digits(c.stallSeconds()));
    all.put("write_p999_micros", Numbers.digits(c.p999WriteMicros()));
    all.put("write_max_micros", Numbers.digits(c.maxWriteMicros()));
    all.put("get_p99_micros", Numbers.digits(c.p99GetMicros()));
    all.put("scan_p99_micros", Numbers.digits(c.p99ScanMicros()));
    return new Figures(
        "engine",
        contender,
        workload,
        seed,
        amplification,
        c.probesPerGet(),
        c.blocksPerGet(),
        c.runsPerSeek(),
        write / c.ops(),
        read / c.ops(),
        Numbers.ratio(read, c.gets() + c.seeks()),
        c.spaceAmplification(),
        c.flushes(),
        all);
  }

  /** Figures read back from a raw line of the engine. */
  static Figures ofRaw(Map<String, Object> all) {
    Map<String, Object> line = new LinkedHashMap<>(all);
    return new Figures(
        String.valueOf(line.get("layer")),
        String.valueOf(line.get("contender")),
        String.valueOf(line.get("workload")),
        (long) number(line, "seed"),
        number(line, "write_amplification_tables"),
        number(line, "probes_per_get"),
        number(line, "blocks_per_get"),
        number(line, "runs_per_seek"),
        number(line, "write_nanos_per_op"),
        number(line, "read_nanos_per_op"),
        number(line, "read_nanos_per_read"),
        number(line, "space_amplification"),
        number(line, "flushes"),
        line);
  }

  /** A figure of the raw line; NaN if it has none of the name. */
  double raw(String name) {
    return number(all, name);
  }

  private static double number(Map<String, Object> line, String name) {
    return line.get(name) instanceof Number value ? value.doubleValue() : Double.NaN;
  }

  /** Of each level that holds anything: its bytes, slots and runs. */
  private static List<Map<String, Object>> levels(List<Stats.LevelStats> levels) {
    return levels.stream()
        .filter(level -> level.level() > 0 && level.bytes() > 0)
        .map(
            level -> {
              Map<String, Object> map = new LinkedHashMap<>();
              map.put("level", level.level());
              map.put("bytes", level.bytes());
              map.put("slots", level.slotRuns().size());
              map.put("runs", level.slotRuns().stream().mapToInt(runs -> runs).sum());
              return map;
            })
        .toList();
  }

  private static Map<String, Object> head(
      String layer, String contender, String workload, long seed) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("layer", layer);
    map.put("contender", contender);
    map.put("workload", workload);
    map.put("seed", seed);
    return map;
  }
}
