package dev.atll.bench.cli;

import dev.atll.bench.experiment.StopSignal;
import dev.atll.bench.report.Numbers;
import dev.atll.observe.json.NdjsonReader;
import dev.atll.observe.json.TraceRecord;
import dev.atll.viz.web.DashboardOptions;
import dev.atll.viz.web.DashboardServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows a recorded run on the dashboard. */
@Command(
    name = "replay",
    description = {
      "Shows a recording of events, as atll demo --record makes it, on the dashboard, at its own",
      "pace or faster, and keeps the page up until Ctrl-C."
    },
    mixinStandardHelpOptions = true)
final class ReplayCommand implements Callable<Integer> {
  private static final long NAP_MILLIS = 20;
  // A gap longer than this is one between two runs in one recording: not worth waiting for.
  private static final long GAP_NANOS_MAX = 10_000_000_000L;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "RECORDING", description = "Folder of the recording, or one part of it.")
  private Path recording = Path.of("");

  @Option(names = "--speed", defaultValue = "1", description = "Times as fast (1); 0 for at once.")
  private double speed = 1;

  @Option(names = "--port", defaultValue = "0", description = "Port of the page; 0 for any (0).")
  private int port;

  @Option(names = "--no-browser", description = "Opens no browser.")
  private boolean noBrowser;

  @Option(names = "--exit", description = "Ends when the recording does.")
  private boolean exit;

  @Override
  public Integer call() throws IOException {
    if (speed < 0) {
      throw new ParameterException(spec.commandLine(), "--speed is at least 0");
    }
    PrintWriter out = spec.commandLine().getOut();
    try (StopSignal stop = StopSignal.onInterrupt();
        NdjsonReader reader = NdjsonReader.open(recording);
        DashboardServer server =
            DashboardServer.start(
                DashboardOptions.defaults().withPort(port).withTitle("ATLL recording"))) {
      out.println("Dashboard: " + server.uri());
      out.flush();
      if (!noBrowser) {
        Browser.open(server.uri());
      }
      long shown = show(reader, server, stop);
      out.println(
          "%s events shown, %d of unknown types, %d broken lines"
              .formatted(Numbers.count(shown), reader.unknown(), reader.truncatedLines()));
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

  private long show(NdjsonReader reader, DashboardServer server, StopSignal stop)
      throws IOException {
    long shown = 0;
    long lastNanos = 0;
    double dueNanos = System.nanoTime();
    for (@Nullable TraceRecord next = reader.next();
        next != null && !stop.requested();
        next = reader.next()) {
      if (!(next instanceof TraceRecord.Known event)) {
        continue;
      }
      long time = event.stamped().event().timeNanos();
      long gap = shown == 0 ? 0 : Math.clamp(time - lastNanos, 0, GAP_NANOS_MAX);
      lastNanos = time;
      if (speed > 0) {
        dueNanos += gap / speed;
        while ((double) System.nanoTime() < dueNanos && !stop.requested() && nap()) {
          // Keeps the recording's pace.
        }
      }
      server.sink().emit(event.stamped().event());
      shown++;
    }
    return shown;
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
