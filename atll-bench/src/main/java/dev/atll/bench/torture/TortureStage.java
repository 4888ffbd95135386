package dev.atll.bench.torture;

import dev.atll.api.Durability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The parts of a campaign, in the order in which they run. */
enum TortureStage {
  /** Histories under many options, compared with a model. */
  HISTORIES(6, 512),
  /** Manifests alone, through power cuts. */
  MANIFEST(3, 256),
  /** Every call of small histories fails, with every fault, once and for good. */
  CALLS(10, 256),
  /** Every byte of small stores changed three ways. */
  BYTES(5, 256),
  /** Power cuts at every operation of recoveries. */
  RECOVERY(6, 256),
  /** Hostile files under right checksums, in a small heap. */
  HOSTILE(5, 64),
  /** Histories of several threads. */
  THREADS(5, 256),
  /** Up to 64 writers beside readers and flushes, closed under them, opened with other options. */
  CROWDS(8, 256),
  /** Stores in odd processes, or to which odd things are done. */
  PROCESS(6, 256),
  /** Histories with drawn faults. */
  FAULTS(8, 256),
  /** Histories in which code of others throws, or memory ends elsewhere than at files. */
  THROWS(8, 256),
  /** Histories in which a compaction thread throws anywhere between a job's plan and its report. */
  JOBS(8, 512),
  /** Histories cut by power failures anywhere. */
  CUTS(35, 512),
  /** Processes killed under load. */
  KILLS(20, 0),
  /** Real power cuts on loop devices. */
  POWER(30, 0),
  /** Real failed syncs on a device smaller than it says. */
  THIN(10, 0),
  /** Real full disks of many sizes. */
  FULL(10, 0);

  private static final List<String> FILE_SYSTEMS = List.of("ext4", "xfs");

  private final int weight;
  private final int heapMebibytes;

  TortureStage(int weight, int heapMebibytes) {
    this.weight = weight;
    this.heapMebibytes = heapMebibytes;
  }

  /** Its share of the time. */
  int weight() {
    return weight;
  }

  /** Whether it is left out unless asked for: it mounts file systems. */
  boolean onlyWhenAsked() {
    return this == POWER || this == THIN || this == FULL;
  }

  String title() {
    return name().toLowerCase(Locale.ROOT);
  }

  void run(TorturePlan plan, double seconds, TortureTable table)
      throws IOException, InterruptedException {
    switch (this) {
      case KILLS -> {
        attack(plan, seconds, plan.load(), Attack.KILL, plan.base().resolve("kills"), "kills", table);
      }
      case POWER, THIN -> onDevices(plan, seconds, table);
      case FULL -> onSmallDisk(plan, seconds, table);
      default -> simulate(plan, seconds, table);
    }
  }

  private void simulate(TorturePlan plan, double seconds, TortureTable table)
      throws IOException, InterruptedException {
    if (!StageProcess.isAvailable()) {
      table.ended(title(), "SKIPPED: the harness is not on the class path; start this with ./atll");
      return;
    }
    StageProcess.Result result =
        StageProcess.run(
            title(),
            plan.seed(),
            seconds,
            heapMebibytes,
            plan.base(),
            counts -> table.progress(title(), describe(counts)));
    table.add(result.counts());
    if (!result.finding().isEmpty()) {
      table.found(result.finding());
    }
    table.ended(
        title(), describe(result.counts()) + (result.complete() ? ": all there are" : ""));
  }

  private static String describe(Map<String, Long> counts) {
    StringBuilder text = new StringBuilder();
    for (String name :
        List.of(
            "histories",
            "concurrent histories",
            "crash points",
            "recovered images",
            "faults fired",
            "bytes changed",
            "hostile files")) {
      Long count = counts.get(name);
      if (count != null) {
        text.append(text.isEmpty() ? "" : ", ").append(
            String.format(Locale.ROOT, "%,d %s", count, name));
      }
    }
    return text.toString();
  }

  private void onDevices(TorturePlan plan, double seconds, TortureTable table)
      throws IOException, InterruptedException {
    for (String fileSystem : FILE_SYSTEMS) {
      @Nullable String obstacle = LoopDevice.obstacle(fileSystem);
      if (obstacle != null) {
        table.ended(title() + " " + fileSystem, "SKIPPED: " + obstacle);
        continue;
      }
      // In memory where that is possible: the cut happens above the device, which may be fast.
      Path shared = Path.of("/dev/shm");
      Path base =
          Files.isWritable(shared)
              ? Files.createTempDirectory(shared, "atll-torture")
              : Files.createDirectories(plan.base().resolve(title()));
      // What did not ask for the disk has no claim on surviving it.
      LoadPlan load =
          new LoadPlan(plan.seed(), plan.load().keys(), plan.load().threads(), Durability.SYNC);
      double share = seconds / FILE_SYSTEMS.size();
      String name = (this == POWER ? "power cuts on " : "failed syncs on ") + fileSystem;
      if (this == POWER) {
        try (LoopDevice device = LoopDevice.make(fileSystem, base)) {
          attack(plan, share, load, device, device.mountPoint(), name, table);
        }
      } else {
        try (ThinDevice device = ThinDevice.make(fileSystem, base)) {
          attack(plan, share, load, device, device.mountPoint(), name, table);
        }
      }
      Files.delete(base);
    }
  }

  private void onSmallDisk(TorturePlan plan, double seconds, TortureTable table)
      throws IOException, InterruptedException {
    @Nullable String obstacle = SmallDisk.obstacle();
    if (obstacle != null) {
      table.ended(title(), "SKIPPED: " + obstacle);
      return;
    }
    Path base = Files.createDirectories(plan.base().resolve(title()));
    try (SmallDisk disk = SmallDisk.make(base, plan.seed())) {
      attack(plan, seconds, plan.load(), disk, disk.mountPoint(), "full disks", table);
    }
    Files.delete(base);
  }

  private static void attack(
      TorturePlan plan,
      double seconds,
      LoadPlan load,
      Attack attack,
      Path directory,
      String name,
      TortureTable table)
      throws IOException, InterruptedException {
    Files.createDirectories(directory);
    Findings findings = new Findings();
    Path errors = plan.base().resolve(name.replace(' ', '-') + ".errors");
    KillLoop loop =
        new KillLoop(
            directory.resolve("store"),
            errors,
            load,
            plan.loadMillis(),
            attack,
            findings,
            line -> table.progress(name, line));
    KillLoop.Result result = loop.run(plan.kills(), (long) (seconds * 1e9));
    Map<String, Long> counts = new LinkedHashMap<>();
    counts.put(name, (long) result.kills());
    counts.put("acked writes", result.ackedWrites());
    counts.put("checks of the whole content", (long) result.checks());
    for (Findings.Kind kind : Findings.Kind.values()) {
      counts.put(kind.title, findings.count(kind));
    }
    table.add(counts);
    findings.described().forEach(table::found);
    Path store = directory.resolve("store");
    if (!findings.isEmpty() && attack.mayEnd() && Files.exists(store)) {
      // The device goes; what it held has to be looked at.
      copy(store, Files.createDirectories(plan.base().resolve(name.replace(' ', '-') + ".store")));
    }
    table.ended(
        name,
        String.format(
            Locale.ROOT,
            "%,d (%,d while starting), %,d acked writes, %,d in flight, %,d checks",
            result.kills(),
            result.early(),
            result.ackedWrites(),
            result.inFlight(),
            result.checks()));
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }
}
