package dev.atll.bench.suite;

import dev.atll.bench.experiment.RunPlan;
import dev.atll.bench.workload.Workload;
import dev.atll.bench.workload.WorkloadSettings;
import dev.atll.bench.workload.Workloads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One run of a suite, and the figures that it is held against.
 *
 * @param suite the suite it belongs to
 * @param name what it measures
 * @param workload the workload's name
 * @param valueBytes length of values
 * @param dataBytes how much data the store holds, which with the value length gives the keys
 * @param opsPerSecond pace; 0 for as fast as it goes
 * @param settings options of the store
 * @param promises the figures
 */
record Measurement(
    String suite,
    String name,
    String workload,
    int valueBytes,
    long dataBytes,
    double opsPerSecond,
    Map<String, String> settings,
    List<Promise> promises) {
  private static final Duration SETTLE_MAX = Duration.ofMinutes(5);
  private static final String NO_SYNC = "os";

  /**
   * A promised figure.
   *
   * @param metric what is promised
   * @param figure how much
   */
  record Promise(Metric metric, double figure) {}

  /** The durability of its writes, as a report should name it. */
  String durability() {
    return settings.getOrDefault("durability", NO_SYNC).equals(NO_SYNC) ? "not synced" : "synced";
  }

  /** The run, at most so long and over a store of its size times a scale. */
  RunPlan plan(Duration atMost, double scale) {
    Workload named = Workloads.named(workload);
    long keys = Math.max(1000, (long) (dataBytes * scale / (16 + valueBytes)));
    return new RunPlan(
        "atll",
        new RunPlan.Synthetic(named, new WorkloadSettings(keys, 1, 1)),
        valueBytes,
        Long.MAX_VALUE,
        opsPerSecond,
        atMost,
        SETTLE_MAX,
        false,
        settings);
  }

  /** Every measurement of every suite, in order. */
  static List<Measurement> all() {
    List<Measurement> all = new ArrayList<>(operations());
    all.addAll(scans());
    all.addAll(heavy());
    return all;
  }

  /** The names of the suites. */
  static List<String> suites() {
    return all().stream().map(Measurement::suite).distinct().toList();
  }

  private static List<Measurement> operations() {
    String suite = "lsm_operations";
    List<Measurement> list = new ArrayList<>();
    list.add(of(suite, "put 128 B", "put", 128, promise(Metric.PUT_MEAN, 25.2)));
    list.add(of(suite, "put 512 B", "put", 512, promise(Metric.PUT_MEAN, 32.1)));
    list.add(of(suite, "put 1 KiB", "put", 1024, promise(Metric.PUT_MEAN, 37.1)));
    list.add(of(suite, "put 4 KiB", "put", 4096, promise(Metric.PUT_MEAN, 63.8)));
    list.add(of(suite, "put 16 KiB", "put", 16384, promise(Metric.PUT_MEAN, 171.7)));
    list.add(
        new Measurement(
            suite, "put 1 KiB, each synced", "put", 1024, 8L << 20, 0, Map.of("durability", "sync"),
            List.of(promise(Metric.PUT_MEAN, 4000))));
    list.add(
        new Measurement(
            suite, "get from the memtable", "get-uniform", 100, 1L << 20, 0,
            Map.of("memtableBytes", "64m"), List.of(promise(Metric.GET_MEAN, 0.30))));
    list.add(of(suite, "get from tables", "get-uniform", 100, promise(Metric.GET_MEAN, 2.67)));
    list.add(of(suite, "delete", "delete", 100, promise(Metric.PUT_MEAN, 16.8)));
    list.add(
        of(suite, "mixed, 80 % reads", "mixed-80-20", 100, promise(Metric.OP_MEAN, 9.28)));
    return list;
  }

  private static List<Measurement> scans() {
    String suite = "range_scans";
    return List.of(
        of(suite, "scan of 10", "scan-10", 100, promise(Metric.SCAN_RATE, 100_000)),
        of(suite, "scan of 100", "scan-100", 100, promise(Metric.SCAN_RATE, 50_000)),
        of(suite, "whole store", "full-scan", 100, promise(Metric.ENTRY_RATE, 10_000)));
  }

  private static List<Measurement> heavy() {
    String suite = "heavy_workloads";
    Map<String, String> small = Map.of("memtableBytes", "8m");
    long data = 256L << 20;
    return List.of(
        new Measurement(
            suite, "load in key order, 4 KiB", "load-sequential", 4096, data, 0, Map.of(),
            List.of(promise(Metric.PAYLOAD_RATE, 500), promise(Metric.SPACE, 1.5))),
        new Measurement(
            suite, "load in random order, 1 KiB", "load-random", 1024, data, 0, Map.of(),
            List.of(promise(Metric.PAYLOAD_RATE, 100), promise(Metric.SPACE, 1.5))),
        new Measurement(
            suite, "batches of 100, 1 KiB", "batch-100", 1024, data / 2, 0, Map.of(),
            List.of(promise(Metric.PAYLOAD_RATE, 800))),
        new Measurement(
            suite, "inserts, 100 B", "insert-only", 100, data, 0, small,
            List.of(promise(Metric.OP_RATE, 50_000))),
        new Measurement(
            suite, "overwrites while compacting, 100 B", "put", 100, data / 4, 0, small,
            List.of(promise(Metric.SPACE_MAX, 2.0), promise(Metric.SPACE, 1.5))),
        new Measurement(
            suite, "reads and overwrites at 10,000/s, open loop", "ycsb-a", 1024, data / 4, 10_000,
            small, List.of(promise(Metric.GET_P95, 10), promise(Metric.PUT_P95, 20))));
  }

  private static Measurement of(
      String suite, String name, String workload, int valueBytes, Promise promise) {
    return new Measurement(
        suite,
        name,
        workload,
        valueBytes,
        32L << 20,
        0,
        Map.of("memtableBytes", "4m"),
        List.of(promise));
  }

  private static Promise promise(Metric metric, double figure) {
    return new Promise(metric, figure);
  }
}
