package dev.atll.bench.cli;

import dev.atll.bench.browser.Chromium;
import dev.atll.bench.browser.Page;
import dev.atll.bench.demo.Demo;
import dev.atll.bench.demo.DemoOptions;
import dev.atll.bench.experiment.StopSignal;
import dev.atll.bench.report.InRange;
import dev.atll.observe.json.NdjsonReader;
import dev.atll.observe.json.TraceRecord;
import dev.atll.policy.Policies;
import dev.atll.viz.web.DashboardOptions;
import dev.atll.viz.web.DashboardServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Takes pictures of the dashboard. */
@Command(
    name = "shots",
    description = {
      "Takes pictures of the dashboard with a headless Chromium: live in dark and light, on a phone,",
      "a replayed recording, and two policies beside one another. Takes about two minutes."
    },
    footer = {"", "Exit codes: 0 done, 1 failed, 2 wrong usage."},
    mixinStandardHelpOptions = true)
final class ShotsCommand implements Callable<Integer> {
  private static final int WIDTH = 1440;
  private static final int HEIGHT = 1180;
  private static final int PHONE_WIDTH = 390;
  private static final int PHONE_HEIGHT = 1600;
  private static final long WAIT_MILLIS_MAX = 60_000;
  private static final int GOOD_LOOKS = 40;

  /** Pins a merge for reads that has saved more than it cost; whether there was one. */
  private static final String GOOD_CHOICE =
      """
      (() => {
        const good = [...document.querySelectorAll('#decision .past li')]
          .filter(li => li.querySelector('.badge.good') && li.title.includes('Reads have paid'));
        if (!good.length) return false;
        const reward = li => Number(li.querySelector('.badge').textContent);
        good.sort((a, b) => reward(b) - reward(a))[0].click();
        return true;
      })()
      """;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--out",
      defaultValue = "context/pictures",
      description = "Folder of the pictures (context/pictures).")
  private Path folder = Path.of("context/pictures");

  @Option(
      names = "--seconds",
      defaultValue = "40",
      description = "How long a store runs before it is looked at (40).")
  @InRange(min = 1, max = 86_400)
  private int seconds = 40;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    Path program =
        Chromium.find()
            .orElseThrow(
                () -> new IOException("no Chromium on the search path; ATLL_CHROMIUM may name it"));
    Files.createDirectories(folder);
    try (WorkDirectory work = WorkDirectory.at(null, "atll-shots-");
        Chromium browser = Chromium.start(program)) {
      Path recording = work.fresh("recording");
      try (Running live = new Running(options(work.fresh("one"), recording, null))) {
        live.settle(seconds);
        shoot(browser, live.page, "live-dark", true, false, out);
        shoot(browser, live.page, "live-light", false, false, out);
        shoot(browser, live.page, "phone", true, true, out);
      }
      replay(browser, recording, out);
      DemoOptions.Beside beside =
          new DemoOptions.Beside("leveled", work.fresh("three"), null);
      try (Running two = new Running(options(work.fresh("two"), null, beside))) {
        two.settle(seconds);
        shoot(browser, two.page, "beside", true, false, out);
      }
    }
    return CommandLine.ExitCode.OK;
  }

  private void replay(Chromium browser, Path recording, PrintWriter out) throws IOException {
    DashboardOptions options = DashboardOptions.defaults().withTitle("ATLL recording");
    try (DashboardServer server = DashboardServer.start(options.forRecordings());
        NdjsonReader reader = NdjsonReader.open(recording)) {
      for (@Nullable TraceRecord next = reader.next(); next != null; next = reader.next()) {
        if (next instanceof TraceRecord.Known event) {
          server.load(0, event.stamped().event());
        }
      }
      server.loaded();
      shoot(browser, URI.create(server.uri() + "#speed=8"), "replay", true, false, out);
    }
  }

  private void shoot(
      Chromium browser, URI address, String name, boolean dark, boolean phone, PrintWriter out)
      throws IOException {
    try (Page page = browser.newPage()) {
      page.resize(
          phone ? PHONE_WIDTH : WIDTH, phone ? PHONE_HEIGHT : HEIGHT, phone ? 1.5 : 1, phone);
      page.prefer(dark, false);
      page.open(address);
      page.waitFor(
          "[...document.querySelectorAll('.uplot canvas')].length > 2", WAIT_MILLIS_MAX);
      // What moves has moved, and the plots have a line.
      pause(3_000);
      showGoodChoice(page);
      Path file = folder.resolve(name + ".png");
      page.screenshot(file, false);
      out.println(file + "  " + Files.size(file) / 1024 + " KiB");
      page.errors().forEach(error -> out.println("  " + error));
      out.flush();
    }
  }

  /** Waits for choices that have paid, and shows one of them; without any, whatever comes. */
  private static void showGoodChoice(Page page) throws IOException {
    for (int look = 0; look < GOOD_LOOKS; look++) {
      if (Boolean.TRUE.equals(page.evaluate(GOOD_CHOICE))) {
        pause(800);
        return;
      }
      pause(500);
    }
  }

  private static DemoOptions options(
      Path directory, @Nullable Path recording, DemoOptions.@Nullable Beside beside) {
    return new DemoOptions(
        directory,
        "atll",
        beside == null ? Policies.names() : List.of(),
        // A load that leaves a machine of two cores room to draw.
        4_000,
        120_000,
        200,
        Duration.ofSeconds(12),
        null,
        0,
        false,
        recording,
        Map.of(),
        beside);
  }

  private static void pause(long millis) throws IOException {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** A demonstration on a thread of its own. */
  private static final class Running implements AutoCloseable {
    private final StopSignal stop = StopSignal.manual();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    final URI page;

    Running(DemoOptions options) throws IOException {
      CompletableFuture<URI> serving = new CompletableFuture<>();
      Demo demo =
          new Demo(
              options, stop, new PrintWriter(new StringWriter()), false, serving::complete);
      Thread.ofPlatform()
          .name("atll-shots-demo")
          .start(
              () -> {
                try {
                  demo.run();
                  ended.complete(null);
                } catch (IOException | RuntimeException | Error e) {
                  serving.completeExceptionally(e);
                  ended.completeExceptionally(e);
                }
              });
      page = await(serving);
    }

    void settle(int seconds) throws IOException {
      pause(seconds * 1_000L);
    }

    private static <T> T await(CompletableFuture<T> future) throws IOException {
      try {
        return future.get(WAIT_MILLIS_MAX, TimeUnit.MILLISECONDS);
      } catch (ExecutionException | TimeoutException e) {
        throw new IOException("the demonstration failed", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
    }

    @Override
    public void close() throws IOException {
      stop.request();
      await(ended);
    }
  }
}
