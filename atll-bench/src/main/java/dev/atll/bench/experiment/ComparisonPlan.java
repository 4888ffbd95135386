package dev.atll.bench.experiment;

import dev.atll.bench.workload.Workload;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What a comparison does.
 *
 * @param engines names of the engines, at least one, each once
 * @param reference the engine that the others are related to
 * @param workloads what is measured, in this order; loads come first whatever their place
 * @param keys how many keys each store is loaded with
 * @param valueBytes length of each value
 * @param threads how many threads drive a store
 * @param rounds how often each engine's turn comes, after the warm-up
 * @param warmupRounds rounds that are not counted
 * @param slice how long a turn lasts
 * @param settleMax how long to wait for compactions at most, each time
 * @param seed everything drawn follows from it
 * @param settings settings by engine, then by name
 */
public record ComparisonPlan(
    List<String> engines,
    String reference,
    List<Workload> workloads,
    long keys,
    int valueBytes,
    int threads,
    int rounds,
    int warmupRounds,
    Duration slice,
    Duration settleMax,
    long seed,
    Map<String, Map<String, String>> settings) {
  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if something does not fit
   */
  public ComparisonPlan {
    engines = List.copyOf(engines);
    workloads = List.copyOf(workloads);
    settings = Map.copyOf(settings);
    if (engines.isEmpty() || engines.stream().distinct().count() != engines.size()) {
      throw new IllegalArgumentException("engines must be named once each: " + engines);
    }
    if (!engines.contains(reference)) {
      throw new IllegalArgumentException("the reference " + reference + " is not among " + engines);
    }
    if (workloads.isEmpty()) {
      throw new IllegalArgumentException("no workload is named");
    }
    if (rounds < 1 || warmupRounds < 0 || threads < 1 || keys < 1 || valueBytes < 1) {
      throw new IllegalArgumentException("rounds, threads, keys and value bytes are at least 1");
    }
  }
}
