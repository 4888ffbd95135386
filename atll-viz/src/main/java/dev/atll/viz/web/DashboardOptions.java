package dev.atll.viz.web;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How a dashboard is served.
 *
 * @param port TCP port on the loopback interface, 0 to 65535; 0 takes any free one
 * @param title shown in the page's header, at most 80 characters are kept
 * @param controls handles of the demo run, or {@link DemoControls#none()}
 * @param metricsText gives Prometheus text for {@code /metrics}, or null to serve none
 * @param runs names of the runs shown beside one another, one or two; what a single run is called
 *     is not shown
 * @param recorded whether recordings are shown instead of live events
 */
public record DashboardOptions(
    int port,
    String title,
    DemoControls controls,
    @Nullable Supplier<String> metricsText,
    List<String> runs,
    boolean recorded) {
  private static final int RUNS_MAX = 2;
  private static final int TITLE_LENGTH_MAX = 80;

  /**
   * Checks the port and the runs and shortens the title.
   *
   * @throws IllegalArgumentException if the port is out of range, or there are too many runs
   */
  public DashboardOptions {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port " + port + " not in 0..65535");
    }
    runs = List.copyOf(runs);
    if (runs.isEmpty() || runs.size() > RUNS_MAX) {
      throw new IllegalArgumentException(runs.size() + " runs, there can be 1 or 2");
    }
    if (title.length() > TITLE_LENGTH_MAX) {
      title = title.substring(0, TITLE_LENGTH_MAX);
    }
  }

  /**
   * Any free port, no controls, no metrics.
   *
   * @return the defaults
   */
  public static DashboardOptions defaults() {
    return new DashboardOptions(0, "ATLL", DemoControls.none(), null, List.of("run"), false);
  }

  /**
   * These options on another port.
   *
   * @param newPort 0 to 65535; 0 takes any free one
   * @return a copy
   */
  public DashboardOptions withPort(int newPort) {
    return new DashboardOptions(newPort, title, controls, metricsText, runs, recorded);
  }

  /**
   * These options under another title.
   *
   * @param newTitle plain text
   * @return a copy
   */
  public DashboardOptions withTitle(String newTitle) {
    return new DashboardOptions(port, newTitle, controls, metricsText, runs, recorded);
  }

  /**
   * These options with handles on a demo run.
   *
   * @param newControls the handles
   * @return a copy
   */
  public DashboardOptions withControls(DemoControls newControls) {
    return new DashboardOptions(port, title, newControls, metricsText, runs, recorded);
  }

  /**
   * These options with {@code /metrics}.
   *
   * @param newMetricsText called for every scrape, by several threads
   * @return a copy
   */
  public DashboardOptions withMetrics(Supplier<String> newMetricsText) {
    return new DashboardOptions(port, title, controls, newMetricsText, runs, recorded);
  }

  /**
   * These options with two runs on one page.
   *
   * @param first name of the run on the left
   * @param second name of the run on the right
   * @return a copy
   */
  public DashboardOptions withRuns(String first, String second) {
    return new DashboardOptions(
        port, title, controls, metricsText, List.of(first, second), recorded);
  }

  /**
   * These options for recordings instead of live events.
   *
   * @return a copy
   */
  public DashboardOptions forRecordings() {
    return new DashboardOptions(port, title, controls, metricsText, runs, true);
  }
}
