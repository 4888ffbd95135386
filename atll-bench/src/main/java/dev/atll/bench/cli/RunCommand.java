package dev.atll.bench.cli;

import dev.atll.api.Options;
import dev.atll.bench.experiment.PolicyRounds;
import dev.atll.bench.experiment.RecordingOpener;
import dev.atll.bench.experiment.RunPlan;
import dev.atll.bench.experiment.StopSignal;
import dev.atll.bench.experiment.StoreOpener;
import dev.atll.bench.report.EnvironmentFacts;
import dev.atll.bench.report.InRange;
import dev.atll.bench.report.Table;
import dev.atll.bench.store.Stores;
import dev.atll.bench.trace.BlockTrace;
import dev.atll.bench.trace.CloudPhysicsReader;
import dev.atll.bench.workload.ShiftingHotSet;
import dev.atll.bench.workload.Workload;
import dev.atll.bench.workload.WorkloadSettings;
import dev.atll.bench.workload.Workloads;
import dev.atll.policy.Policies;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
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

/** Runs one workload, or replays one trace, under one or more compaction policies. */
@Command(
    name = "run",
    description = {
      "Runs a workload, or replays a trace, under one or more compaction policies,",
      "each in a fresh directory, and reports what it cost. Several policies take turns after a",
      "common warm-up; the ratios to the first are those within a round."
    },
    footer = {
      "",
      "Exit codes: 0 done; 1 failed, a wrong answer was found, a trace could not be read or too",
      "much of it was skipped, or a result could not be written; 2 wrong usage."
    },
    mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
  /** The policies that run when none is named: the corners of the space, and ours. */
  static final List<String> POLICIES = List.of("leveled", "tiered", "lazy", "atll");

  private static final int VALUE_BYTES_DEFAULT = 100;
  private static final int TRACE_VALUE_BYTES_DEFAULT = 64;
  private static final String TRACE_MEMTABLE_BYTES_DEFAULT = "1m";
  private static final int ROUNDS_DEFAULT = 5;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(arity = "0..1", paramLabel = "WORKLOAD", description = "The workload's name.")
  private @Nullable String workload;

  @Option(names = "--list", description = "Lists the workloads.")
  private boolean list;

  @Option(
      names = "--trace",
      paramLabel = "FILE",
      description = "Replays this trace instead of a workload; plain text or gzipped.")
  private @Nullable Path trace;

  @Option(
      names = "--format",
      defaultValue = "cloudphysics",
      description = "Format of the trace: cloudphysics (version,time,op,size,lbn).")
  private String format = "cloudphysics";

  @InRange(max = 100)
  @Option(
      names = "--skip-max",
      paramLabel = "PERCENT",
      defaultValue = "5",
      description = {
        "Refuses a trace if more of its rows than this are neither reads nor writes",
        "(default: ${DEFAULT-VALUE}); what is skipped is counted and shown."
      })
  private double skipMax = 100 * BlockTrace.SKIPPED_SHARE_MAX;

  @Option(
      names = "--repeat",
      defaultValue = "1",
      description = "How many times the trace is replayed (1).")
  @InRange(min = 1, max = 1_000_000)
  private int repeat = 1;

  @Option(
      names = "--rounds",
      description = {
        "Rounds that count: in each, every policy does the whole run once, in an order that rotates.",
        "Default: 5 for several policies; 1 for one, and with --verify or --record."
      })
  @InRange(min = 1, max = 1_000_000)
  private @Nullable Integer rounds;

  @Option(
      names = "--warmup-rounds",
      description = {
        "Rounds before, of at most five seconds per policy (1; none where one round counts)."
      })
  @InRange(max = 1_000_000)
  private @Nullable Integer warmupRounds;

  @Option(
      names = "--timed-counts",
      description = {
        "Takes bytes written, runs per read and space from the timed rounds, where they depend on",
        "how fast and busy the machine is. Without it they come from a run of each policy whose",
        "compactions keep step with the load, on a simulated clock: the same on any machine."
      })
  private boolean timedCounts;

  @Option(
      names = "--engine",
      defaultValue = "atll",
      description = "The engine (atll); only atll has policies.")
  private String engine = "atll";

  @Option(
      names = "--policy",
      paramLabel = "NAME",
      description = {
        "Policies with commas between, with parameters if they have any: leveled,fluid:K=4,Z=1.",
        "all for all of them, help for a list. Default: leveled,tiered,lazy,atll."
      })
  private @Nullable List<String> policies;

  @Option(
      names = "--ops",
      description = "Stops after this many operations (1000000 unless --seconds is given).")
  @InRange(min = 1, max = InRange.ANY)
  private @Nullable Long ops;

  @Option(names = "--seconds", description = "Stops after this many seconds.")
  @InRange(above = true, max = InRange.SECONDS)
  private @Nullable Double seconds;

  @Option(
      names = "--rate",
      defaultValue = "0",
      description = {
        "Operations per second, in an open loop: latency counts from when an operation was due.",
        "0 (the default) runs as fast as possible."
      })
  @InRange(max = 1e9)
  private double rate;

  @Option(
      names = "--keys",
      defaultValue = "1000000",
      description = "Number of keys (default: ${DEFAULT-VALUE}).")
  @InRange(min = 1, max = InRange.MANY)
  private long keys = 1_000_000;

  @Option(
      names = "--value-bytes",
      description = "Length of each value in bytes (100; 64 for a trace).")
  @InRange(min = 1, max = 1 << 30)
  private @Nullable Integer valueBytes;

  @Option(names = "--threads", defaultValue = "1", description = "Threads (default: 1).")
  @InRange(min = 1, max = 1024)
  private int threads = 1;

  @Option(
      names = "--dir",
      description = "Keeps the stores in this directory. Default: a temporary one, deleted at the end.")
  private @Nullable Path dir;

  @Option(
      names = "--verify",
      description = {
        "Checks every answer against a model in memory, then reopens the store and checks",
        "everything it holds."
      })
  private boolean verify;

  @Option(names = "--json", paramLabel = "FILE", description = JsonResult.DESCRIPTION)
  private @Nullable Path json;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Seed of the random numbers (default: 1).")
  @InRange(min = -InRange.ANY, max = InRange.ANY)
  private long seed = 1;

  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description = {
        "Sets an option of the store; sizes take k, m, g, durations ms, s, m, h.",
        "For a trace memtableBytes is 1m unless set: real traces are small, and a tree that fits",
        "in one memtable makes no decisions."
      })
  private Map<String, String> settings = new LinkedHashMap<>();

  @Option(
      names = "--settle-seconds",
      defaultValue = "600",
      description = "Longest wait for compactions at the end (default: ${DEFAULT-VALUE}).")
  @InRange(max = InRange.SECONDS)
  private long settleSeconds = 600;

  @Option(
      names = "--record",
      paramLabel = "DIR",
      description = {
        "Records all events, and what each decision saw, in a folder per policy below DIR:",
        "for atll replay."
      })
  private @Nullable Path record;

  @CommandLine.Mixin private HotSetOptions hotSet = new HotSetOptions();

  private final StoreOpener opener;

  /** With the engines of this build. */
  RunCommand() {
    this(Stores::open);
  }

  RunCommand(StoreOpener opener) {
    this.opener = opener;
  }

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    if (list) {
      out.print(listing());
      out.flush();
      return CommandLine.ExitCode.OK;
    }
    if (policies != null && policies.contains("help")) {
      StoreSettings.explainPolicies(out);
      return CommandLine.ExitCode.OK;
    }
    List<String> policiesToRun = policiesToRun();
    if (engine.equals("atll")) {
      StoreSettings.check(spec.commandLine(), settings);
    }
    RunPlan plan = plan();
    PolicyRounds.Rounds asked = rounds(policiesToRun.size());
    List<Map<String, Object>> results;
    RecordingOpener recording = record == null ? null : new RecordingOpener(record);
    try (JsonResult result = JsonResult.prepare(spec.commandLine(), json);
        StopSignal stop = StopSignal.onInterrupt();
        WorkDirectory work = WorkDirectory.at(dir, "atll-run-")) {
      PolicyRounds comparison =
          new PolicyRounds(
              plan, policiesToRun, asked, work.root(), dir != null,
              recording == null ? opener : recording, stop,
              new PolicyRounds.Screen(errors(), Terminals.isInteractive()));
      results = comparison.run();
      Map<String, Object> report = new LinkedHashMap<>();
      report.put("command", "run");
      report.put("environment", EnvironmentFacts.collect());
      report.putAll(comparison.facts());
      report.put("results", results);
      PrintWriter table = result.table();
      RunTable.print(table, results);
      if (plan.load() instanceof RunPlan.Replay replay && replay.trace().skipped() > 0) {
        table.println("trace: " + replay.trace().skippedText());
      }
      if (recording != null) {
        recording.notes().forEach(table::println);
      }
      if (stop.requested()) {
        table.println("interrupted: what was done until then is above");
      }
      table.flush();
      result.write(report);
      if (recording != null && recording.failed()) {
        return CommandLine.ExitCode.SOFTWARE;
      }
    }
    return exitCode(results);
  }

  private PolicyRounds.Rounds rounds(int policyCount) {
    if (record != null && rounds != null && rounds > 1) {
      throw new ParameterException(
          spec.commandLine(), "--record takes one round: what is recorded is slower");
    }
    boolean compares = policyCount > 1 && !verify && record == null;
    int counted = rounds != null ? rounds : compares ? ROUNDS_DEFAULT : 1;
    int warmup = warmupRounds != null ? warmupRounds : counted > 1 ? 1 : 0;
    return new PolicyRounds.Rounds(counted, warmup, engine.equals("atll") && !timedCounts);
  }

  private int exitCode(List<Map<String, Object>> results) {
    for (Map<String, Object> row : results) {
      if (row.get("mismatches") instanceof Number wrong && wrong.longValue() > 0) {
        return CommandLine.ExitCode.SOFTWARE;
      }
    }
    return CommandLine.ExitCode.OK;
  }

  private RunPlan plan() throws IOException {
    if ((workload == null) == (trace == null)) {
      throw new ParameterException(
          spec.commandLine(), "give either a workload (see --list) or --trace FILE");
    }
    boolean bounded = ops != null || seconds != null;
    try {
      return new RunPlan(
          engine,
          trace == null ? synthetic() : replay(trace),
          valueBytes != null
              ? valueBytes
              : trace == null ? VALUE_BYTES_DEFAULT : TRACE_VALUE_BYTES_DEFAULT,
          ops != null ? ops : bounded ? Long.MAX_VALUE : RunPlan.OPS_DEFAULT,
          rate,
          seconds == null
              ? RunPlan.FOREVER
              : Duration.ofNanos((long) (seconds * 1e9)),
          Duration.ofSeconds(settleSeconds),
          verify,
          storeSettings());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private Map<String, String> storeSettings() {
    Map<String, String> all = new LinkedHashMap<>(settings);
    if (trace != null) {
      all.putIfAbsent("memtableBytes", TRACE_MEMTABLE_BYTES_DEFAULT);
    }
    return all;
  }

  private RunPlan.Load synthetic() {
    Workload chosen = Workloads.named(workload == null ? "" : workload);
    ShiftingHotSet ranges = hotSet.toSettings();
    return new RunPlan.Synthetic(chosen, new WorkloadSettings(keys, threads, seed, ranges));
  }

  private RunPlan.Load replay(Path file) throws IOException {
    if (!format.equals("cloudphysics")) {
      throw new IllegalArgumentException("no trace format '" + format + "'; there is cloudphysics");
    }
    if (threads != 1) {
      throw new IllegalArgumentException("a trace is replayed by one thread, in its order");
    }
    BlockTrace requests = CloudPhysicsReader.read(file);
    if (requests.size() == 0) {
      throw new IOException(
          file + ": has no reads and no writes" + (requests.skipped() == 0 ? "" : "; ")
              + requests.skippedText());
    }
    requests.requireComplete(file.toString(), skipMax / 100);
    return new RunPlan.Replay("trace", requests, repeat);
  }

  private List<String> policiesToRun() {
    if (!engine.equals("atll")) {
      if (policies != null) {
        throw new ParameterException(spec.commandLine(), "engine " + engine + " has no policies");
      }
      return List.of("");
    }
    if (policies == null) {
      return POLICIES;
    }
    return StoreSettings.policies(spec.commandLine(), policies);
  }

  private PrintWriter errors() {
    return spec.commandLine().getErr();
  }

  private static String listing() {
    Table table = new Table(2, "workload", "what it does");
    Workloads.list().forEach(w -> table.row(w.name(), w.description()));
    return table + "\nOptions for --set: " + String.join(", ", Options.names()) + "\n";
  }
}
