package dev.atll.bench.memory;

import dev.atll.bench.experiment.ComparisonPlan;
import dev.atll.bench.experiment.StopSignal;
import dev.atll.bench.report.Failures;
import dev.atll.bench.report.Numbers;
import dev.atll.bench.report.Progress;
import dev.atll.bench.store.DiskUsage;
import dev.atll.bench.store.Stores;
import dev.atll.bench.workload.Workload;
import dev.atll.bench.workload.Workloads;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Compares engines whose data does not fit in memory: each in a process and control group of its
 * own, of which one at a time has a short turn, in an order that alternates. Every engine has its own
 * limit, so what another caches costs it nothing. Single use.
 */
public final class MemoryComparison {
  private static final Path PROC = Path.of("/proc");
  private static final Path SYS = Path.of("/sys");
  private static final long AGREEMENT_OPS = 2000;

  private final MemoryPlan plan;
  private final ComparisonPlan turns;
  private final Path directory;
  private final StopSignal stop;
  private final PrintWriter out;
  private final boolean terminal;
  private final Map<String, Map<String, String>> settings = new LinkedHashMap<>();
  private final List<Map<String, Object>> rows = new ArrayList<>();
  private final List<String> disagreements = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();
  private final Map<String, Object> facts = new LinkedHashMap<>();
  private final BlockDevice device;

  /**
   * Prepares a comparison.
   *
   * @param directory an existing one, where the stores go; it is deleted when done
   * @param stop ends it early, in order
   * @param out takes progress lines
   * @param terminal whether lines of {@code out} can be rewritten
   * @throws IllegalArgumentException if the directory does not suit, or there is no such engine
   * @throws IOException if the disk cannot be told
   */
  public MemoryComparison(
      MemoryPlan plan, Path directory, StopSignal stop, PrintWriter out, boolean terminal)
      throws IOException {
    this.plan = plan;
    this.turns = plan.turns();
    this.directory = directory;
    this.stop = stop;
    this.out = out;
    this.terminal = terminal;
    this.device = BlockDevice.of(directory, PROC, SYS);
    if (device.isMemory()) {
      throw new IllegalArgumentException(
          directory + " is in memory (" + device.fileSystem() + "); give --dir on a disk");
    }
    FileStore store = Files.getFileStore(directory);
    if (store.getUsableSpace() < plan.diskBytes()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%s has %s free, and the stores may take %s; give fewer engines, less data or --dir",
              directory, Numbers.bytes((double) store.getUsableSpace()),
              Numbers.bytes((double) plan.diskBytes())));
    }
    for (String engine : turns.engines()) {
      Map<String, String> all =
          new LinkedHashMap<>(Stores.within(engine, plan.memoryBytes(), plan.heapBytes()));
      all.putAll(turns.settings().getOrDefault(engine, Map.of()));
      settings.put(engine, all);
    }
  }

  /**
   * Runs it.
   *
   * @return a row for each size, engine and workload
   * @throws MemoryLimitException if memory cannot be limited here
   */
  public List<Map<String, Object>> run() {
    facts.put("memory_bytes", plan.memoryBytes());
    facts.put("heap_bytes", plan.heapBytes());
    facts.put(
        "device", device.source() + " (" + device.number() + ", " + device.fileSystem() + ")");
    facts.put("read_ahead_kib", device.readAheadKib() < 0 ? null : device.readAheadKib());
    facts.put("settings", settings);
    try (ControlGroups groups = ControlGroups.find(PROC)) {
      facts.put("control_groups", groups.version() == ControlGroups.Version.V1 ? 1 : 2);
      for (double multiple : plan.data()) {
        if (stop.requested()) {
          break;
        }
        Path place = directory.resolve(Numbers.plain(multiple) + "x");
        try (Engines engines = start(groups, place, multiple)) {
          compare(engines.list, multiple);
        } finally {
          DiskUsage.deleteTree(place);
        }
      }
    } catch (EngineFailure e) {
      if (!stop.requested()) {
        failures.add(e.getMessage());
      }
    } catch (IOException e) {
      failures.add(Failures.describe(e));
    } finally {
      DiskUsage.deleteTree(directory);
    }
    return rows;
  }

  /** Limit, heap, device, its read-ahead, and where the figures come from. */
  public Map<String, Object> facts() {
    return facts;
  }

  /** Where engines gave different answers, in words; empty if they never did. */
  public List<String> disagreements() {
    return List.copyOf(disagreements);
  }

  /** Why it ended before its time, in words; empty if it did not. */
  public List<String> failures() {
    return List.copyOf(failures);
  }

  private Engines start(ControlGroups groups, Path place, double multiple) throws IOException {
    Engines engines = new Engines();
    try {
      Files.createDirectories(place);
      for (String name : turns.engines()) {
        Entrant entrant =
            new Entrant(() -> process(groups, place, name), device.number(), PROC);
        engines.list.add(entrant);
        // That of the engines' processes, whose heap is another than the command's.
        facts.put(
            "environment",
            entrant.open(
                place.resolve(name),
                plan.keys(multiple),
                turns,
                settings.getOrDefault(name, Map.of())));
        facts.put("reads_counted_by", String.valueOf(entrant.readSource()));
        facts.put("writes_counted_by", String.valueOf(entrant.writeSource()));
      }
      return engines;
    } catch (IOException | RuntimeException e) {
      engines.close();
      throw e;
    }
  }

  private Entrant.Running process(ControlGroups groups, Path place, String name)
      throws IOException {
    Path temporary = Files.createDirectories(place.resolve(name + ".tmp"));
    MemoryGroup group = groups.make(plan.memoryBytes());
    Engine engine =
        Engine.start(
            name,
            group,
            Engine.java(plan.heapBytes(), temporary, Stores.jvmOptions(name)),
            place.resolve(name + ".err"),
            stop,
            Engine.PATIENCE);
    return new Entrant.Running(engine, group);
  }

  private void compare(List<Entrant> entrants, double multiple) throws IOException {
    Workload load = Workloads.named("load-random");
    entrants.forEach(entrant -> entrant.begin(load));
    long each = Math.ceilDiv(plan.keys(multiple), (long) turns.rounds() * turns.threads());
    rounds(entrants, title(load, multiple), turns.rounds(), 0, each, Long.MAX_VALUE);
    finish(entrants, load, multiple, turns.workloads().contains(load));
    boolean diverged = false;
    for (Workload workload : turns.workloads()) {
      if (!workload.loaded() || stop.requested()) {
        continue;
      }
      if (!diverged && !workload.writes() && !workload.countsEntries()) {
        checkAgreement(entrants, workload, multiple);
      }
      entrants.forEach(entrant -> entrant.begin(workload));
      rounds(
          entrants,
          title(workload, multiple),
          turns.rounds(),
          turns.warmupRounds(),
          Long.MAX_VALUE,
          turns.slice().toNanos());
      finish(entrants, workload, multiple, true);
      // Turns of writers differ in length, and so do the contents from here on.
      diverged |= workload.writes();
    }
    for (Probe probe : plan.probes()) {
      if (stop.requested()) {
        return;
      }
      List<Map<String, Object>> found;
      try (Progress _ =
          new Progress(out, terminal, probe + " at " + Numbers.plain(multiple) + " × memory",
              () -> Double.NaN, () -> "")) {
        found = probe.run(entrants, plan, multiple, stop);
      }
      if (!stop.requested()) {
        rows.addAll(found);
      }
    }
  }

  private void rounds(
      List<Entrant> entrants,
      String what,
      int rounds,
      int warmupRounds,
      long ops,
      long nanos) {
    AtomicInteger turn = new AtomicInteger();
    int all = (rounds + warmupRounds) * entrants.size();
    try (Progress _ =
        new Progress(out, terminal, what, () -> (double) turn.get() / all, () -> "")) {
      for (int round = 0; round < rounds + warmupRounds; round++) {
        // There and back: what drifts over a round burdens first and last in turn.
        for (Entrant entrant : round % 2 == 0 ? entrants : entrants.reversed()) {
          if (stop.requested()) {
            return;
          }
          // Reads may set off merges too: they are waited for, so that they burden nobody else's turn.
          entrant.turn(ops, nanos, true, round >= warmupRounds);
          turn.incrementAndGet();
        }
      }
    }
  }

  private void finish(
      List<Entrant> entrants, Workload workload, double multiple, boolean reported) {
    if (stop.requested()) {
      return;
    }
    for (Entrant entrant : entrants) {
      if (workload.writes()) {
        entrant.flush();
      }
      entrant.result();
    }
    if (reported) {
      rows.addAll(MemoryRows.of(entrants, workload.name(), workload.writes(), plan, multiple));
    }
  }

  private void checkAgreement(List<Entrant> entrants, Workload workload, double multiple) {
    String expected = "";
    for (Entrant entrant : entrants) {
      entrant.begin(workload);
      entrant.turn(AGREEMENT_OPS, Long.MAX_VALUE, false, false);
      String answers = Wire.text(entrant.result(), "answers");
      if (expected.isEmpty()) {
        expected = answers;
      } else if (!expected.equals(answers) && !stop.requested()) {
        disagreements.add(
            String.format(
                Locale.ROOT,
                "%s and %s answer %s differently at %s × memory",
                entrants.getFirst().name(), entrant.name(), workload.name(),
                Numbers.plain(multiple)));
      }
    }
  }

  private static String title(Workload workload, double multiple) {
    return workload.name() + " at " + Numbers.plain(multiple) + " × memory";
  }

  /** The engines of one size, ended together. */
  private static final class Engines implements AutoCloseable {
    final List<Entrant> list = new ArrayList<>();

    @Override
    public void close() {
      RuntimeException first = null;
      for (Entrant entrant : list) {
        try {
          entrant.close();
        } catch (RuntimeException e) {
          first = first == null ? e : first;
        }
      }
      if (first != null) {
        throw first;
      }
    }
  }
}
