package dev.atll.bench.cli;

import dev.atll.bench.report.EnvironmentFacts;
import dev.atll.bench.report.InRange;
import dev.atll.bench.report.Numbers;
import dev.atll.bench.report.Table;
import dev.atll.bench.sim.SimLoad;
import dev.atll.bench.sim.SimMemory;
import dev.atll.bench.sim.SimReport;
import dev.atll.bench.sim.SimResult;
import dev.atll.bench.sim.SimSettings;
import dev.atll.bench.sim.Simulator;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Predicts what a workload costs under compaction policies, without writing anything. */
@Command(
    name = "simulate",
    description = {
      "Predicts what a workload costs under compaction policies: the policies themselves decide,",
      "over a tree of expected numbers of keys, on a virtual clock. Nothing is written."
    },
    footer = {"", "Exit codes: 0 done, 1 failed, 2 wrong usage."},
    mixinStandardHelpOptions = true)
final class SimulateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(arity = "0..1", paramLabel = "WORKLOAD", description = "The workload's name.")
  private @Nullable String workload;

  @Option(names = "--list", description = "Lists the workloads the simulator knows.")
  private boolean list;

  @Option(
      names = "--policy",
      defaultValue = "leveled,tiered,lazy,atll",
      paramLabel = "NAME",
      description = {
        "Policies with commas between, with parameters if they have any: leveled,fluid:K=4,Z=1.",
        "all for all of them, help for a list (${DEFAULT-VALUE})."
      })
  private List<String> policyLists = List.of("atll");

  @Option(
      names = "--scheduler",
      defaultValue = "index",
      description = "The picker (${DEFAULT-VALUE}).")
  private String scheduler = "index";

  @Option(
      names = "--theta",
      split = ",",
      defaultValue = "1",
      description = "Threshold θ: merge for reads from this burden ÷ cost on; several with commas (1).")
  @InRange(above = true, max = 1e9)
  private List<Double> thetas = List.of(1.0);

  @Option(
      names = "--fanout",
      split = ",",
      defaultValue = "4",
      description = "Fanout T; several with commas (${DEFAULT-VALUE}).")
  @InRange(min = 2, max = 64)
  private List<Integer> fanouts = List.of(4);

  @InRange(min = 4096, max = InRange.MANY)
  @Option(
      names = "--memtable",
      defaultValue = "1m",
      converter = StoreSettings.Size.class,
      description = "Memtable; sizes take k, m, g (${DEFAULT-VALUE}).")
  private long memtable = 1 << 20;

  @InRange(max = InRange.MANY)
  @Option(
      names = "--slot",
      defaultValue = "0",
      converter = StoreSettings.Size.class,
      description = "Slot; 0 for memtable ÷ 4.")
  private long slot;

  @Option(names = "--keys", defaultValue = "1000000", description = "Keys (${DEFAULT-VALUE}).")
  @InRange(min = 1, max = InRange.MANY)
  private long keys = 1_000_000;

  @Option(
      names = "--value-bytes",
      defaultValue = "100",
      description = "Length of each value beside keys of 16 bytes (${DEFAULT-VALUE}).")
  @InRange(min = 1, max = 1 << 30)
  private int valueBytes = 100;

  @Option(
      names = "--ops",
      defaultValue = "1000000",
      description = "Operations that are measured (${DEFAULT-VALUE}).")
  @InRange(min = 1, max = 1e15)
  private double ops = 1e6;

  @Option(
      names = "--warm-ops",
      defaultValue = "0",
      description = "Operations before measuring begins (${DEFAULT-VALUE}).")
  @InRange(max = 1e15)
  private double warmOps;

  @Option(
      names = "--seeds",
      defaultValue = "1",
      description = "How many seeds, from 1 (${DEFAULT-VALUE}).")
  @InRange(min = 1, max = 1_000_000)
  private int seeds = 1;

  @Option(names = "--write-micros", description = "Time of a write (5).")
  @InRange(max = 1e9)
  private double writeMicros = SimSettings.Device.DEFAULT.writeNanos() / 1e3;

  @Option(names = "--get-micros", description = "Time of a get (3).")
  @InRange(max = 1e9)
  private double getMicros = SimSettings.Device.DEFAULT.getNanos() / 1e3;

  @Option(names = "--scan-micros", description = "Time of a scan (20).")
  @InRange(max = 1e9)
  private double scanMicros = SimSettings.Device.DEFAULT.scanNanos() / 1e3;

  @Option(names = "--job-mb", description = "Input that one compaction job merges, MB/s (150).")
  @InRange(above = true, max = 1e9)
  private double jobMegabytes = SimSettings.Device.DEFAULT.jobBytesPerSecond() / 1e6;

  @Option(
      names = "--job-micros",
      description = "Fixed time of each job in µs, such as syncing its files (0).")
  @InRange(max = 1e12)
  private double jobMicros;

  @Option(
      names = "--budget-mb",
      description = "Limit on what compactions read and write, MB/s; 0 for none (0).")
  @InRange(max = 1e9)
  private double budgetMegabytes;

  @Option(
      names = "--memory-mb",
      paramLabel = "MB",
      description = "Memory for tables, MB; without it all tables are in memory.")
  @InRange(max = 1e9)
  private @Nullable Double memoryMegabytes;

  @Option(
      names = "--block-micros",
      defaultValue = "100",
      description = "Time of a block read from the device, in µs, beyond that memory (${DEFAULT-VALUE}).")
  @InRange(max = 1e9)
  private double blockMicros;

  @Option(
      names = "--space-max",
      defaultValue = "1.25",
      description = "Bound on stored ÷ live bytes (${DEFAULT-VALUE}).")
  @InRange(min = 1.01, max = 100)
  private double spaceAmplificationMax = 1.25;

  @Option(names = "--jobs", defaultValue = "1", description = "Compaction jobs at once (1).")
  @InRange(min = 1, max = 64)
  private int jobs = 1;

  @Option(names = "--settle", description = "Also counts the work that is left at the end.")
  private boolean settle;

  @Option(names = "--json", paramLabel = "FILE", description = JsonResult.DESCRIPTION)
  private @Nullable Path json;

  @CommandLine.Mixin private HotSetOptions hotSet = new HotSetOptions();

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    if (list) {
      SimLoad.names().forEach(out::println);
      out.flush();
      return CommandLine.ExitCode.OK;
    }
    if (policyLists.contains("help")) {
      StoreSettings.explainPolicies(out);
      return CommandLine.ExitCode.OK;
    }
    String name = workload;
    if (name == null) {
      throw new ParameterException(spec.commandLine(), "give a workload (see --list)");
    }
    SimLoad load;
    try {
      load = SimLoad.named(name, keys, hotSet.toSettings());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
    List<String> policies = StoreSettings.policies(spec.commandLine(), policyLists);
    long began = System.nanoTime();
    List<SimResult> results = new ArrayList<>();
    try (JsonResult result = JsonResult.prepare(spec.commandLine(), json)) {
      for (String policy : policies) {
        for (int fanout : fanouts) {
          for (double theta : thetas) {
            for (int seed = 1; seed <= seeds; seed++) {
              results.add(simulate(load, settings(policy, fanout, theta, seed)));
            }
          }
        }
      }
      double seconds = (System.nanoTime() - began) / 1e9;
      print(result.table(), results, seconds);
      Map<String, Object> report = new LinkedHashMap<>();
      report.put("command", "simulate");
      report.put("environment", EnvironmentFacts.collect());
      report.put("real_seconds", Numbers.digits(seconds));
      report.put("results", results.stream().map(SimReport::toMap).toList());
      result.write(report);
    }
    return CommandLine.ExitCode.OK;
  }

  private SimSettings settings(String policy, int fanout, double theta, int seed) {
    return SimSettings.defaults().toBuilder()
        .policy(policy)
        .scheduler(scheduler)
        .theta(theta)
        .fanout(fanout)
        .memtableBytes(memtable)
        .slotBytes(slot)
        .entry(SimSettings.EntryBytes.of(16.0 + valueBytes))
        .device(
            new SimSettings.Device(
                writeMicros * 1e3,
                getMicros * 1e3,
                scanMicros * 1e3,
                jobMegabytes * 1e6,
                jobMicros * 1e3,
                budgetMegabytes * 1e6))
        .memory(
            memoryMegabytes == null
                ? SimMemory.ALL
                : new SimMemory((long) (memoryMegabytes * 1e6), true, blockMicros * 1e3))
        .spaceAmplificationMax(spaceAmplificationMax)
        .compactionJobs(jobs)
        .seed(seed)
        .build();
  }

  private SimResult simulate(SimLoad load, SimSettings settings) {
    Simulator simulator = new Simulator(settings, load, warmOps + ops);
    if (load.loaded()) {
      simulator.load();
    }
    simulator.run(warmOps);
    if (warmOps > 0) {
      simulator.beginMeasuring();
    }
    simulator.run(ops);
    if (settle) {
      simulator.settle();
    }
    return simulator.result();
  }

  private static void print(PrintWriter out, List<SimResult> results, double seconds) {
    Table table =
        new Table(
            1, "policy", "T", "theta", "write amp", "compaction", "runs/get", "blocks/get",
            "runs/miss", "runs/seek", "device reads/read", "read ns/op", "write ns/op", "space",
            "jobs", "moves", "looks", "runs of slots by level");
    double user = 0;
    for (SimResult r : results) {
      user += r.userBytes();
      table.row(
          r.policy(),
          Integer.toString(r.fanout()),
          Numbers.fixed(r.theta()),
          Numbers.fixed(r.writeAmplification()),
          Numbers.fixed(r.compactionPart()),
          Numbers.fixed(r.probesPerGet()),
          Numbers.fixed(r.blocksPerGet()),
          Numbers.fixed(r.probesPerMiss()),
          Numbers.fixed(r.runsPerSeek()),
          Numbers.fixed(Numbers.ratio(r.misses().fromDevice(), r.misses().reads())),
          Numbers.fixed(r.readNanosPerOp()),
          Numbers.fixed(r.writeNanosPerOp()),
          Numbers.fixed(r.spaceAmplification()),
          Long.toString(r.jobs()),
          Long.toString(r.moves()),
          Long.toString(r.looks()),
          SimReport.shape(r));
    }
    out.print(table);
    out.printf(
        Locale.ROOT,
        "%.2f s real time, %.0f MB of writes simulated a second%n", seconds, user / 1e6 / seconds);
    out.flush();
  }
}
