package dev.atll.bench.workload;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** All workloads by name. */
public final class Workloads {
  private static final Map<String, Workload> ALL = all();

  private Workloads() {}

  /** Every workload, in the order of the help text. */
  public static List<Workload> list() {
    return List.copyOf(ALL.values());
  }

  /** The names of all. */
  public static List<String> names() {
    return List.copyOf(ALL.keySet());
  }

  /**
   * Finds a workload.
   *
   * @throws IllegalArgumentException if none has the name
   */
  public static Workload named(String name) {
    Workload workload = ALL.get(name);
    if (workload == null) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "no workload '%s'; there are %s",
              name, String.join(", ", ALL.keySet())));
    }
    return workload;
  }

  private static Map<String, Workload> all() {
    List<Workload> list = new ArrayList<>();
    list.add(load("load-random", "each key once, in random key order", KeyOrder.HASHED));
    list.add(load("load-sequential", "each key once, in key order", KeyOrder.ORDERED));
    list.add(
        new Workload(
            "insert-only",
            "new keys without end, from an empty store",
            KeyOrder.HASHED,
            false,
            false,
            true,
            false,
            (settings, thread) ->
                new LoadSource(
                    new WorkloadSettings(
                        1L << 40, settings.threads(), settings.seed(), settings.hotSet()),
                    thread)));
    list.add(uniform("get-uniform", "reads, every key alike", OpKind.GET, 1));
    list.add(
        zipf("get-zipf", "reads, few keys often", new OpKind[] {OpKind.GET}, new double[] {1}, 1));
    list.add(uniform("get-miss", "reads of keys that were never written", OpKind.GET_ABSENT, 1));
    list.add(
        mix(
            "get-100",
            "reads of 100 keys in one call, every key alike; rates count keys",
            new OpKind[] {OpKind.GET_MANY},
            new double[] {1},
            false,
            true,
            settings -> Distributions.uniform(settings.keys()),
            new MixSource.Lengths(100, false)));
    list.add(uniform("scan-10", "scans of 10 entries", OpKind.SCAN, 10));
    list.add(uniform("scan-100", "scans of 100 entries", OpKind.SCAN, 100));
    list.add(
        mix(
            "full-scan",
            "scans of the whole store; rates count entries",
            new OpKind[] {OpKind.SCAN},
            new double[] {1},
            false,
            true,
            settings -> Distributions.uniform(settings.keys()),
            new MixSource.Lengths(Integer.MAX_VALUE, false)));
    list.add(uniform("put", "overwrites, every key alike", OpKind.PUT, 1));
    list.add(
        mix(
            "batch-100",
            "overwrites in batches of 100; rates count keys",
            new OpKind[] {OpKind.BATCH},
            new double[] {1},
            false,
            true,
            settings -> Distributions.uniform(settings.keys()),
            new MixSource.Lengths(100, false)));
    list.add(uniform("delete", "deletions, every key alike", OpKind.DELETE, 1));
    list.add(
        mix(
            "mixed-80-20",
            "80 % reads, 20 % overwrites, every key alike",
            new OpKind[] {OpKind.GET, OpKind.PUT},
            new double[] {0.8, 0.2},
            false,
            false,
            settings -> Distributions.uniform(settings.keys()),
            new MixSource.Lengths(1, false)));
    for (Workload workload : ycsb()) {
      list.add(workload);
      list.add(workload.in(KeyOrder.ORDERED, "-ordered"));
    }
    list.add(
        mix(
                "append-scan",
                "new keys at the end of the key space, scans of 20 entries anywhere",
                new OpKind[] {OpKind.INSERT, OpKind.SCAN},
                new double[] {0.8, 0.2},
                false,
                false,
                settings -> Distributions.uniform(settings.keys()),
                new MixSource.Lengths(20, false))
            .in(KeyOrder.ORDERED, ""));
    list.add(
        new Workload(
            "shifting-hotset",
            "hot ranges that move, reads and writes each with their own",
            KeyOrder.ORDERED,
            true,
            false,
            true,
            false,
            ShiftingSource::new));
    Map<String, Workload> byName = new LinkedHashMap<>();
    list.forEach(workload -> byName.put(workload.name(), workload));
    return byName;
  }

  /** B. Cooper et al., "Benchmarking cloud serving systems with YCSB", SoCC 2010, core workloads. */
  private static List<Workload> ycsb() {
    OpKind[] readPut = {OpKind.GET, OpKind.PUT};
    return List.of(
        zipf("ycsb-a", "half reads, half overwrites, zipf", readPut, new double[] {0.5, 0.5}, 1),
        zipf("ycsb-b", "95 % reads, 5 % overwrites, zipf", readPut, new double[] {0.95, 0.05}, 1),
        zipf("ycsb-c", "reads, zipf", new OpKind[] {OpKind.GET}, new double[] {1}, 1),
        mix(
            "ycsb-d",
            "95 % reads of the latest, 5 % inserts",
            new OpKind[] {OpKind.GET, OpKind.INSERT},
            new double[] {0.95, 0.05},
            true,
            false,
            settings -> Distributions.uniform(settings.keys()),
            new MixSource.Lengths(1, false)),
        zipf(
            "ycsb-e",
            "95 % scans of up to 100 entries, 5 % inserts, zipf",
            new OpKind[] {OpKind.SCAN, OpKind.INSERT},
            new double[] {0.95, 0.05},
            100),
        zipf(
            "ycsb-f",
            "half reads, half read-modify-writes, zipf",
            new OpKind[] {OpKind.GET, OpKind.READ_MODIFY_WRITE},
            new double[] {0.5, 0.5},
            1));
  }

  private static Workload load(String name, String description, KeyOrder order) {
    return new Workload(name, description, order, false, true, true, false, LoadSource::new);
  }

  private static Workload uniform(String name, String description, OpKind kind, int length) {
    return mix(
        name,
        description,
        new OpKind[] {kind},
        new double[] {1},
        false,
        false,
        settings -> Distributions.uniform(settings.keys()),
        new MixSource.Lengths(length, false));
  }

  private static Workload zipf(
      String name, String description, OpKind[] kinds, double[] shares, int scanMax) {
    return mix(
        name,
        description,
        kinds,
        shares,
        false,
        false,
        settings -> Distributions.zipf(settings.keys(), Distributions.YCSB_EXPONENT),
        new MixSource.Lengths(scanMax, true));
  }

  /** Makes the distribution of one stream. */
  private interface Keys {
    KeyDistribution of(WorkloadSettings settings);
  }

  private static Workload mix(
      String name,
      String description,
      OpKind[] kinds,
      double[] shares,
      boolean latest,
      boolean countsEntries,
      Keys keys,
      MixSource.Lengths lengths) {
    boolean writes = false;
    for (OpKind kind : kinds) {
      writes |= kind.writes();
    }
    return new Workload(
        name,
        description,
        KeyOrder.HASHED,
        true,
        false,
        writes,
        countsEntries,
        (settings, thread) ->
            new MixSource(settings, thread, kinds, shares, latest, keys.of(settings), lengths));
  }
}
