package dev.atll.viz.web;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How a dashboard is served.
 *
 * @param port TCP port on the loopback interface, 0 to 65535; 0 takes any free one
 * @param title shown in the page's header, at most 80 characters are kept
 * @param controls handles of the demo run, or {@link DemoControls#none()}
 * @param metricsText gives Prometheus text for {@code /metrics}, or null to serve none
 */
public record DashboardOptions(
    int port, String title, DemoControls controls, @Nullable Supplier<String> metricsText) {
  private static final int TITLE_LENGTH_MAX = 80;

  /**
   * Checks the port and shortens the title.
   *
   * @throws IllegalArgumentException if the port is out of range
   */
  public DashboardOptions {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port " + port + " not in 0..65535");
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
    return new DashboardOptions(0, "ATLL", DemoControls.none(), null);
  }

  /**
   * These options on another port.
   *
   * @param newPort 0 to 65535; 0 takes any free one
   * @return a copy
   */
  public DashboardOptions withPort(int newPort) {
    return new DashboardOptions(newPort, title, controls, metricsText);
  }

  /**
   * These options under another title.
   *
   * @param newTitle plain text
   * @return a copy
   */
  public DashboardOptions withTitle(String newTitle) {
    return new DashboardOptions(port, newTitle, controls, metricsText);
  }

  /**
   * These options with handles on a demo run.
   *
   * @param newControls the handles
   * @return a copy
   */
  public DashboardOptions withControls(DemoControls newControls) {
    return new DashboardOptions(port, title, newControls, metricsText);
  }

  /**
   * These options with {@code /metrics}.
   *
   * @param newMetricsText called for every scrape, by several threads
   * @return a copy
   */
  public DashboardOptions withMetrics(Supplier<String> newMetricsText) {
    return new DashboardOptions(port, title, controls, newMetricsText);
  }
}
