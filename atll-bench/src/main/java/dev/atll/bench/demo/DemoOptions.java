package dev.atll.bench.demo;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a demonstration runs.
 *
 * @param directory an empty directory for its store
 * @param policy the policy at first
 * @param policies those that can be chosen
 * @param rate operations a second; 0 for as fast as it goes
 * @param keys how many keys, 1 to 2^40
 * @param valueBytes length of each value, at least 1
 * @param period how long the hot ranges stay in place
 * @param duration how long it goes on; null until it is stopped
 * @param port of the dashboard, 0 for any free one
 * @param anyPort whether any free port will do when that one is taken
 * @param recording where all events are recorded; null for nowhere
 * @param settings options of the store by name, over those of the demonstration
 * @param beside a second store under the same load; null for none
 */
public record DemoOptions(
    Path directory,
    String policy,
    List<String> policies,
    double rate,
    long keys,
    int valueBytes,
    Duration period,
    @Nullable Duration duration,
    int port,
    boolean anyPort,
    @Nullable Path recording,
    Map<String, String> settings,
    @Nullable Beside beside) {

  /**
   * A second store.
   *
   * @param policy what decides in it
   * @param directory an empty directory for it
   * @param recording where its events are recorded; null for nowhere
   */
  public record Beside(String policy, Path directory, @Nullable Path recording) {}

  /** Checks the ranges. */
  public DemoOptions {
    if (rate < 0 || rate > DemoDriver.RATE_MAX) {
      throw new IllegalArgumentException("rate = " + rate + ", allowed 0 to " + DemoDriver.RATE_MAX);
    }
    if (keys < 1 || keys > 1L << 40 || valueBytes < 1 || period.toMillis() < 100) {
      throw new IllegalArgumentException("keys and value bytes from 1, the period from 100 ms");
    }
    policies = List.copyOf(policies);
    settings = Map.copyOf(settings);
  }
}
