package dev.atll.bench.cli;

import dev.atll.bench.experiment.StopSignal;
import dev.atll.bench.replay.DecisionReplay;
import dev.atll.bench.replay.RegretReplay;
import dev.atll.bench.replay.RegretText;
import dev.atll.bench.replay.ReplayText;
import dev.atll.bench.report.InRange;
import dev.atll.bench.report.Numbers;
import dev.atll.observe.json.NdjsonReader;
import dev.atll.observe.json.TraceRecord;
import dev.atll.viz.web.DashboardOptions;
import dev.atll.viz.web.DashboardServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows a recorded run on the dashboard. */
@Command(
    name = "replay",
    description = {
      "Shows a recording made by atll demo --record or atll run --record on the dashboard, frame by",
      "frame as it was live. The page stays up until Ctrl-C. With --policy, --scheduler, --seed or",
      "--oracle it judges the recorded decisions instead."
    },
    footer = {
      "",
      "Exit codes: 0 done, 1 failed or decisions did not repeat, 2 wrong usage."
    },
    mixinStandardHelpOptions = true)
final class ReplayCommand implements Callable<Integer> {
  private static final long NAP_MILLIS = 20;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "RECORDING", description = "Folder of the recording, or one part of it.")
  private Path recording = Path.of("");

  @Option(
      names = "--speed",
      defaultValue = "1",
      description = "Initial speed, as a multiple of real time (1).")
  @InRange(above = true, max = 1_000)
  private double speed = 1;

  @Option(
      names = "--beside",
      paramLabel = "RECORDING",
      description = "A second recording, shown beside the first and in step with it.")
  private @Nullable Path beside;

  @Option(
      names = "--port",
      defaultValue = "0",
      description = "Port of the page; 0 for any free one (0).")
  @InRange(max = 65_535)
  private int port;

  @Option(names = "--no-browser", description = "Opens no browser.")
  private boolean noBrowser;

  @Option(names = "--exit", description = "Exits as soon as the recording has been read.")
  private boolean exit;

  @Option(
      names = "--policy",
      paramLabel = "NAME",
      description = {
        "Decides every recorded look again, as recorded and under this policy, and reports where",
        "they differ; no dashboard. Needs a recording of atll run --record or demo --record."
      })
  private @Nullable String policy;

  @Option(
      names = "--scheduler",
      paramLabel = "NAME",
      description = "Like --policy, for what picks among a policy's candidates.")
  private @Nullable String scheduler;

  @Option(names = "--seed", description = "Like --policy, for the seed of the random numbers.")
  @InRange(min = -InRange.ANY, max = InRange.ANY)
  private @Nullable Long seed;

  @Option(
      names = "--oracle",
      description = {
        "Compares what merging and reading cost in each slot with the best possible in hindsight;",
        "no dashboard."
      })
  private boolean oracle;

  @Override
  public Integer call() throws IOException {
    if (policy != null || scheduler != null || seed != null || oracle) {
      return decideAgain();
    }
    PrintWriter out = spec.commandLine().getOut();
    DashboardOptions options =
        DashboardOptions.defaults().withPort(port).withTitle("ATLL recording").forRecordings();
    Path other = beside;
    if (other != null) {
      options = options.withRuns(name(recording), name(other));
    }
    try (StopSignal stop = StopSignal.onInterrupt();
        DashboardServer server = DashboardServer.start(options)) {
      out.println("Dashboard: " + server.uri() + "#speed=" + speed);
      out.flush();
      load(server, 0, recording, stop, out);
      if (other != null) {
        load(server, 1, other, stop, out);
      }
      server.loaded();
      if (!noBrowser) {
        Browser.open(URI.create(server.uri() + "#speed=" + speed));
      }
      if (!exit && !stop.requested()) {
        out.println("The page stays up; Ctrl-C ends it.");
        out.flush();
        while (!stop.requested() && nap()) {
          // Waits for the person at the page.
        }
      }
    }
    out.flush();
    return CommandLine.ExitCode.OK;
  }

  private int decideAgain() throws IOException {
    DecisionReplay replay =
        new DecisionReplay(new DecisionReplay.Other(policy, scheduler, seed));
    boolean decides = policy != null || scheduler != null || seed != null;
    RegretReplay regret = new RegretReplay();
    try (NdjsonReader reader = NdjsonReader.open(recording)) {
      reader.forEach(
          stamped -> {
            if (decides) {
              replay.accept(stamped.event());
            }
            if (oracle) {
              regret.accept(stamped.event());
            }
          });
    }
    PrintWriter out = spec.commandLine().getOut();
    if (decides) {
      out.print(ReplayText.of(replay.agreements(), replay.rewards()));
    }
    if (oracle) {
      out.print((decides ? "\n" : "") + RegretText.of(regret.end()));
    }
    out.flush();
    boolean asRecorded = replay.agreements().allRepeated() || replay.agreements().memoryMissing();
    return asRecorded ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }

  private static String name(Path recording) {
    Path name = recording.toAbsolutePath().normalize().getFileName();
    return name == null ? "recording" : name.toString();
  }

  private static void load(
      DashboardServer server, int run, Path recording, StopSignal stop, PrintWriter out)
      throws IOException {
    long shown = 0;
    try (NdjsonReader reader = NdjsonReader.open(recording)) {
      for (@Nullable TraceRecord next = reader.next();
          next != null && !stop.requested();
          next = reader.next()) {
        if (next instanceof TraceRecord.Known event) {
          server.load(run, event.stamped().event());
          shown++;
        }
      }
      out.println(
          String.format(
              Locale.ROOT,
              "%s events read, %d of unknown types, %d broken lines%s",
              Numbers.count(shown),
              reader.unknown(),
              reader.truncatedLines(),
              disorder(reader)));
      out.flush();
    }
  }

  private static String disorder(NdjsonReader reader) {
    return reader.missing() == 0 && reader.outOfOrder() == 0
        ? ""
        : String.format(
            Locale.ROOT,
            "; %d missing and %d out of order, as their numbers tell",
            reader.missing(), reader.outOfOrder());
  }

  private static boolean nap() {
    try {
      Thread.sleep(NAP_MILLIS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
