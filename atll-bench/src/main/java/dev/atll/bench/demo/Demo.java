package dev.atll.bench.demo;

import dev.atll.api.Stats;
import dev.atll.bench.experiment.StopSignal;
import dev.atll.bench.report.Numbers;
import dev.atll.bench.store.AtllStore;
import dev.atll.observe.EventSink;
import dev.atll.viz.web.DashboardOptions;
import dev.atll.viz.web.DashboardServer;
import io.micrometer.core.instrument.Tag;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** A store under a moving load, its dashboard, and a line a second on the terminal. Single use. */
public final class Demo {
  private static final long LINE_NANOS = 1_000_000_000;
  private static final long JOIN_MILLIS = 10_000;

  private final DemoOptions options;
  private final StopSignal stop;
  private final PrintWriter out;
  private final boolean terminal;
  private final Consumer<URI> onServing;
  private final Histogram allReads = new Histogram(3);
  private final Histogram allWrites = new Histogram(3);
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private @Nullable Histogram readsNow;
  private @Nullable Histogram writesNow;
  private int shownWidth;

  /**
   * Prepares it.
   *
   * @param options how
   * @param stop ends it
   * @param out takes the lines
   * @param terminal whether the last line can be rewritten
   * @param onServing is told the page's address, controls included, once it is served
   */
  public Demo(
      DemoOptions options,
      StopSignal stop,
      PrintWriter out,
      boolean terminal,
      Consumer<URI> onServing) {
    this.options = options;
    this.stop = stop;
    this.out = out;
    this.terminal = terminal;
    this.onServing = onServing;
  }

  /**
   * Runs until its time is over or it is told to stop, then prints a summary.
   *
   * @throws IOException if a recording cannot be begun
   */
  public void run() throws IOException {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    try (DemoStore first = open(options.directory(), options.policy(), options.recording());
        @Nullable DemoStore second = openBeside()) {
      List<DemoStore> stores = second == null ? List.of(first) : List.of(first, second);
      DemoDriver driver =
          new DemoDriver(
              stores.stream().map(DemoStore::store).toList(),
              EventSink.tee(stores.stream().map(DemoStore::loadEvents).toArray(EventSink[]::new)),
              second == null ? options.policies() : List.of(),
              options.keys(),
              options.valueBytes(),
              options.rate(),
              options.period().toNanos(),
              1);
      DashboardOptions dashboard =
          DashboardOptions.defaults()
              .withTitle("ATLL demo")
              .withControls(driver)
              .withMetrics(registry::scrape);
      DemoOptions.Beside beside = options.beside();
      if (beside != null) {
        dashboard = dashboard.withRuns(options.policy(), beside.policy());
      }
      try (DashboardServer server = serve(dashboard)) {
        for (int i = 0; i < stores.size(); i++) {
          stores.get(i).watch(server.sink(i), registry);
        }
        greet(server, first.store());
        drive(driver, first);
        for (DemoStore each : stores) {
          if (second != null) {
            out.println("policy            " + each.store().db().policy());
          }
          summarise(driver, each, server);
        }
      }
    }
  }

  private @Nullable DemoStore openBeside() throws IOException {
    DemoOptions.Beside beside = options.beside();
    return beside == null
        ? null
        : open(beside.directory(), beside.policy(), beside.recording());
  }

  private DemoStore open(Path directory, String policy, @Nullable Path recording)
      throws IOException {
    List<Tag> tags = options.beside() == null ? List.of() : List.of(Tag.of("run", policy));
    return new DemoStore(directory, policy, options.settings(), recording, tags);
  }

  private DashboardServer serve(DashboardOptions dashboard) {
    try {
      return DashboardServer.start(dashboard.withPort(options.port()));
    } catch (UncheckedIOException e) {
      if (!options.anyPort()) {
        throw e;
      }
      return DashboardServer.start(dashboard.withPort(0));
    }
  }

  private void greet(DashboardServer server, AtllStore store) {
    out.println("Dashboard: " + server.controlUri());
    out.println(
        String.format(
            Locale.ROOT,
            "Policy %s, %s keys of %d bytes in %s. Ctrl-C ends it.",
            store.db().policy(),
            Numbers.count(options.keys()),
            options.valueBytes(),
            options.directory()));
    out.println(
        "A line a second: operations, 99th percentiles of that second as the load saw them, write"
            + " amplification (WA: flushes and merges, without the log), read amplification (RA: runs"
            + " asked per get), bytes of tables, runs/slots of each level, the last choice.");
    out.flush();
    onServing.accept(server.controlUri());
  }

  private void drive(DemoDriver driver, DemoStore store) {
    long began = System.nanoTime();
    BooleanSupplier over =
        () ->
            stop.requested()
                || failure.get() != null
                || (options.duration() != null
                    && System.nanoTime() - began >= options.duration().toNanos());
    Thread thread =
        Thread.ofPlatform()
            .name("atll-demo-driver")
            .start(
                () -> {
                  try {
                    driver.load(over, () -> {});
                    driver.run(over);
                  } catch (RuntimeException | Error e) {
                    failure.compareAndSet(null, e);
                  }
                });
    long lastDone = 0;
    long lastNanos = began;
    while (thread.isAlive() && !over.getAsBoolean()) {
      sleepUntil(lastNanos + LINE_NANOS, over);
      long now = System.nanoTime();
      long done = driver.done();
      show(line(driver, store, (now - began) / 1e9, (done - lastDone) * 1e9 / (now - lastNanos)));
      lastDone = done;
      lastNanos = now;
    }
    join(thread);
    endLine();
    @Nullable Throwable failed = failure.get();
    if (failed != null) {
      throw new IllegalStateException("the demo's load failed: " + failed.getMessage(), failed);
    }
  }

  private String line(DemoDriver driver, DemoStore store, double seconds, double rate) {
    readsNow = driver.reads.getIntervalHistogram(readsNow);
    writesNow = driver.writes.getIntervalHistogram(writesNow);
    allReads.add(readsNow);
    allWrites.add(writesNow);
    Stats stats = store.store().db().stats();
    String doing = driver.done() == 0 ? "loading" : Numbers.count(rate) + " ops/s";
    return String.format(
        Locale.ROOT,
        "%5.0f s  %s  p99 get %s put %s  WA %s  RA %s  %s  %s  last: %s",
        seconds,
        doing,
        time(readsNow, 99),
        time(writesNow, 99),
        tableWrites(stats),
        readAmplification(stats),
        Numbers.bytes((double) stats.tableBytes()),
        levels(stats),
        store.decisions().text());
  }

  /** Bytes of flushes and merges for each user byte, as the page and the closed forms count. */
  private static String tableWrites(Stats stats) {
    return stats.userBytesWritten() == 0
        ? "–"
        : Numbers.fixed(
            ((double) stats.flushBytesWritten() + stats.compactionBytesWritten())
                / stats.userBytesWritten());
  }

  private static String readAmplification(Stats stats) {
    return stats.gets() == 0 ? "–" : Numbers.fixed(stats.probesPerGet());
  }

  /** Each level that holds something: its runs over its slots. */
  private static String levels(Stats stats) {
    StringBuilder text = new StringBuilder();
    for (Stats.LevelStats level : stats.levels()) {
      int runs = level.slotRuns().stream().mapToInt(Integer::intValue).sum();
      if (runs > 0) {
        text.append(text.isEmpty() ? "" : " ").append('L').append(level.level()).append(' ');
        text.append(runs);
        if (level.level() > 0) {
          text.append('/').append(level.slotRuns().size());
        }
      }
    }
    return text.isEmpty() ? "empty" : text.toString();
  }

  private void summarise(DemoDriver driver, DemoStore store, DashboardServer server) {
    Stats stats = store.store().db().stats();
    // What came after the last line.
    allReads.add(driver.reads.getIntervalHistogram());
    allWrites.add(driver.writes.getIntervalHistogram());
    out.println("operations        " + Numbers.count(driver.done()));
    out.println("get p50/p99/p99.9 " + percentiles(allReads) + ", of the whole run");
    out.println("put p50/p99/p99.9 " + percentiles(allWrites) + ", of the whole run");
    out.println(
        String.format(
            Locale.ROOT,
            "written           %s for %s of user data: write amplification %s by flushes and merges,"
                + " %s with the log",
            Numbers.bytes(stats.userBytesWritten() * stats.writeAmplification()),
            Numbers.bytes((double) stats.userBytesWritten()),
            tableWrites(stats),
            Numbers.fixed(stats.writeAmplification())));
    out.println(
        String.format(
            Locale.ROOT,
            "reads             %s runs asked per get, %s runs opened per scan",
            readAmplification(stats),
            stats.seeks() == 0 ? "–" : Numbers.fixed(stats.runsPerSeek())));
    out.println("tree              " + levels(stats) + " (runs/slots)");
    out.println(
        String.format(
            Locale.ROOT,
            "work              %d flushes, %d merges, %d moves, %d choices to act",
            stats.flushes(), stats.compactions(), stats.moves(), store.decisions().count()));
    out.println("writers held back " + Numbers.seconds(stats.stallNanos() / 1e9));
    out.println(
        String.format(
            Locale.ROOT,
            "events            %s shown, %d lost",
            Numbers.count(store.bus().delivered()),
            store.bus().dropped() + server.eventsDropped()));
    out.flush();
  }

  private static String percentiles(Histogram histogram) {
    return time(histogram, 50) + " / " + time(histogram, 99) + " / " + time(histogram, 99.9);
  }

  private static String time(Histogram histogram, double percentile) {
    return histogram.getTotalCount() == 0
        ? "–"
        : Numbers.nanos((double) histogram.getValueAtPercentile(percentile));
  }

  private void show(String line) {
    if (terminal) {
      // A line that wraps cannot be written over.
      String fits = Numbers.cut(line, TerminalWidth.columns() - 1);
      out.print("\r" + fits + " ".repeat(Math.max(0, shownWidth - fits.length())));
      shownWidth = fits.length();
    } else {
      out.println(line);
    }
    out.flush();
  }

  private void endLine() {
    if (terminal) {
      out.println();
    }
  }

  /** Short sleeps, so that a stop is noticed at once. */
  private static void sleepUntil(long nanos, BooleanSupplier over) {
    try {
      while (System.nanoTime() - nanos < 0 && !over.getAsBoolean()) {
        Thread.sleep(20);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void join(Thread thread) {
    try {
      thread.join(JOIN_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (thread.isAlive()) {
      out.println("the load did not end within " + Numbers.seconds(JOIN_MILLIS / 1e3));
    }
  }
}
