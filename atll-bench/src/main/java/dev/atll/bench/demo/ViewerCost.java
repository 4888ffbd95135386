package dev.atll.bench.demo;

import dev.atll.bench.experiment.Ratio;
import dev.atll.bench.report.Numbers;
import dev.atll.viz.web.DashboardOptions;
import dev.atll.viz.web.DashboardServer;
import com.sun.management.OperatingSystemMXBean;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * What viewers of the dashboard cost: throughput in pairs of turns, without a viewer and with one
 * that stopped reading, and the bytes that one which reads is sent.
 */
public final class ViewerCost {
  private static final int SILENT_RECEIVE_BYTES = 1_024;
  private static final Duration LEAD_IN = Duration.ofMillis(500);

  private final Path directory;
  private final String policy;
  private final long keys;
  private final Map<String, String> settings;
  private final PrintWriter out;

  /**
   * Prepares a measurement.
   *
   * @param directory an empty directory for its store
   * @param policy what decides
   * @param keys how many keys are loaded first
   * @param settings options of the store by name
   * @param out takes the figures
   */
  public ViewerCost(
      Path directory, String policy, long keys, Map<String, String> settings, PrintWriter out) {
    this.directory = directory;
    this.policy = policy;
    this.keys = keys;
    this.settings = Map.copyOf(settings);
    this.out = out;
  }

  /**
   * Measures.
   *
   * @param pairs pairs of turns, at least 1
   * @param turn length of a turn
   * @param rate operations a second while the line is measured
   * @throws IOException if the store or the server fails
   */
  public void run(int pairs, Duration turn, double rate) throws IOException {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    try (DemoStore store = new DemoStore(directory, policy, settings, null, List.of());
        DashboardServer server = DashboardServer.start(DashboardOptions.defaults())) {
      store.watch(server.sink(), registry);
      DemoDriver driver =
          new DemoDriver(
              List.of(store.store()),
              store.loadEvents(),
              List.of(policy),
              keys,
              200,
              0,
              Duration.ofSeconds(12).toNanos(),
              1);
      driver.load(() -> false, () -> {});
      // Steady work with some writes, so that events come and yet a turn is like the next.
      driver.setWorkload(Scenario.READING.label());
      turn(driver, turn);
      Turn[] with = new Turn[pairs];
      Turn[] without = new Turn[pairs];
      for (int pair = 0; pair < pairs; pair++) {
        // By turns first and second, so that whatever drifts does so for both.
        boolean silentFirst = pair % 2 == 1;
        Turn first = measured(driver, server, turn, silentFirst);
        Turn second = measured(driver, server, turn, !silentFirst);
        with[pair] = silentFirst ? first : second;
        without[pair] = silentFirst ? second : first;
      }
      out.println("with a viewer that does not read, over none:");
      show("  operations a second        ", Turn::perSecond, with, without);
      show("  operations a CPU second    ", Turn::perCpuSecond, with, without);
      out.println(
          String.format(
              Locale.ROOT,
              "  the dashboard's threads      %s ms of CPU a second, %s without (medians)",
              Numbers.fixed(median(with, Turn::dashboardMillis)),
              Numbers.fixed(median(without, Turn::dashboardMillis))));
      driver.setWorkload(Scenario.MOVING.label());
      out.println("events lost by the dashboard: " + server.eventsDropped());
      driver.setRate(rate);
      line(driver, server, store, turn.multipliedBy(5));
    }
  }

  private void show(String what, ToDoubleFunction<Turn> figure, Turn[] with, Turn[] without) {
    Ratio ratio =
        Ratio.of(
            Arrays.stream(with).mapToDouble(figure).toArray(),
            Arrays.stream(without).mapToDouble(figure).toArray());
    out.println(
        String.format(
            Locale.ROOT,
            "%s %.3f (%.3f to %.3f), %d pairs",
            what, ratio.median(), ratio.low(), ratio.high(), ratio.rounds()));
  }

  /**
   * What one turn did.
   *
   * @param perSecond operations a second
   * @param perCpuSecond operations for each second that the process had a processor: what others do
   *     on the machine hardly touches it
   * @param dashboardMillis CPU milliseconds a second of the threads that fold and serve
   */
  private record Turn(double perSecond, double perCpuSecond, double dashboardMillis) {}

  private static double median(Turn[] turns, ToDoubleFunction<Turn> figure) {
    double[] sorted = Arrays.stream(turns).mapToDouble(figure).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  @SuppressWarnings("try") // the viewer is there, and does nothing
  private static Turn measured(
      DemoDriver driver, DashboardServer server, Duration turn, boolean silent)
      throws IOException {
    try (@Nullable Socket viewer = silent ? connect(server, SILENT_RECEIVE_BYTES) : null) {
      // The picture that a newcomer is given is over by then, and caches are warm in either case.
      turn(driver, LEAD_IN);
      return turn(driver, turn);
    }
  }

  private static Turn turn(DemoDriver driver, Duration turn) {
    long begin = System.nanoTime();
    long before = driver.done();
    long cpuBefore = cpuNanos();
    long dashboardBefore = dashboardNanos();
    driver.run(() -> System.nanoTime() - begin >= turn.toNanos());
    double done = driver.done() - before;
    double nanos = System.nanoTime() - begin;
    return new Turn(
        done * 1e9 / nanos,
        done * 1e9 / (cpuNanos() - cpuBefore),
        (dashboardNanos() - dashboardBefore) * 1e3 / nanos);
  }

  private static long cpuNanos() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }

  // Its own threads, and those that carry its virtual ones: nothing else here uses any.
  private static long dashboardNanos() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long sum = 0;
    for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
      if (thread != null
          && (thread.getThreadName().startsWith("atll-viz")
              || thread.getThreadName().startsWith("ForkJoinPool-1-worker"))) {
        sum += Math.max(0, threads.getThreadCpuTime(thread.getThreadId()));
      }
    }
    return sum;
  }

  private void line(DemoDriver driver, DashboardServer server, DemoStore store, Duration time)
      throws IOException {
    try (Socket viewer = connect(server, 1 << 20)) {
      Counter counter = new Counter(viewer);
      Thread reader = Thread.ofPlatform().daemon().start(counter);
      turn(driver, Duration.ofSeconds(2));
      long begin = System.nanoTime();
      long before = counter.bytes;
      double pace = turn(driver, time).perSecond();
      double seconds = (System.nanoTime() - begin) / 1e9;
      double kbits = (counter.bytes - before) * 8 / 1e3 / seconds;
      long slots =
          store.store().db().stats().levels().stream()
              .skip(1)
              .mapToLong(level -> level.slotRuns().size())
              .sum();
      out.println(
          String.format(
              Locale.ROOT,
              "line to a viewer: %s kbit/s over %s s, first picture left out; %d slots, %s operations/s",
              Numbers.fixed(kbits), Numbers.fixed(seconds), slots, Numbers.count(pace)));
      out.flush();
      reader.interrupt();
    }
  }

  private static Socket connect(DashboardServer server, int receiveBytes) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(receiveBytes);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
    String request =
        String.format(
            Locale.ROOT,
            "GET /events HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAccept-Encoding: gzip\r\n\r\n",
            server.port());
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  /** Reads and counts until the socket is closed. */
  private static final class Counter implements Runnable {
    private final Socket socket;
    private volatile long bytes;

    Counter(Socket socket) {
      this.socket = socket;
    }

    @Override
    public void run() {
      byte[] buffer = new byte[1 << 16];
      try {
        InputStream in = socket.getInputStream();
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
          // Written by this thread alone.
          long sum = bytes + read;
          bytes = sum;
        }
      } catch (IOException e) {
        // Closed: what was counted stands.
      }
    }
  }
}
