package dev.atll.bench.experiment;

import com.sun.management.OperatingSystemMXBean;
import dev.atll.Atll;
import dev.atll.api.CacheStats;
import dev.atll.api.Options;
import dev.atll.api.Stats;
import dev.atll.bench.store.AtllStore;
import dev.atll.bench.store.OptionSettings;
import dev.atll.bench.store.ScanChecksum;
import dev.atll.bench.store.Stores;
import dev.atll.bench.workload.KeySpace;
import dev.atll.bench.workload.Workload;
import dev.atll.bench.workload.WorkloadSettings;
import dev.atll.bench.workload.Workloads;
import dev.atll.env.sim.SimEnv;
import dev.atll.observe.Observer;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One run of our engine for an experiment: load, warm-up and the stretch that counts, by one thread.
 * Counts are of that stretch alone. Single use.
 */
public final class EngineRun {
  private static final byte[] EMPTY = {};
  // In virtual time, operations between two looks at the background work, and their usual pace.
  private static final int VIRTUAL_STEP = 64;
  private static final double VIRTUAL_RATE = 100_000;
  // The stretch that counts is done in so many pieces, with a look at the store after each.
  private static final int PIECES = 32;
  private static final double STALL_MILLIS = 50;

  /**
   * What to do.
   *
   * @param workload which
   * @param settings its keys, seed and hot ranges; one thread
   * @param valueBytes length of each value
   * @param warmOps operations before those that count
   * @param ops operations that count
   * @param opsPerSecond their pace; 0 for as fast as it goes
   * @param virtual whether time and disk are simulated: then the run is the same on any machine,
   *     compactions take no time but what their budget makes them wait, and latencies mean nothing
   * @param store settings of the store by name
   */
  public record Plan(
      Workload workload,
      WorkloadSettings settings,
      int valueBytes,
      long warmOps,
      long ops,
      double opsPerSecond,
      boolean virtual,
      Map<String, String> store) {
    /** Copies the settings. */
    public Plan {
      store = Map.copyOf(store);
    }

    /** The same with other settings of the store. */
    public Plan storing(Map<String, String> other) {
      return new Plan(
          workload, settings, valueBytes, warmOps, ops, opsPerSecond, virtual, other);
    }
  }

  /**
   * What it cost. Amplifications are table bytes ÷ user bytes of the stretch that counts.
   *
   * @param ops operations
   * @param flushes flushes
   * @param flushesEver flushes since the store was opened, those of the load and the warm-up too
   * @param userBytes key and value bytes written
   * @param flushBytes table bytes written by flushes
   * @param compactionBytesRead table bytes read by compactions
   * @param compactionBytesWritten table bytes written by compactions
   * @param allBytesWritten these, the log and manifests
   * @param probesPerGet filters asked by a get
   * @param blocksPerGet blocks read by a get
   * @param runsPerSeek runs positioned by a seek
   * @param gets gets
   * @param seeks seeks
   * @param drift table bytes written in the second half of the stretch ÷ those in the first: 1 where
   *     nothing was still filling up
   * @param spaceAmplification table bytes ÷ bytes of live entries at the end
   * @param spaceAmplificationMax the most table bytes at any look ÷ the same
   * @param seconds time of the stretch, without settling
   * @param settleSeconds time until compactions had nothing left to do
   * @param cpuSeconds processor time of the whole JVM in both
   * @param gcSeconds time of its garbage collections in both
   * @param stallSeconds time writers were held back in it
   * @param p999WriteMicros the 99.9th percentile of writes
   * @param maxWriteMicros the slowest write
   * @param writesStalled writes that took 50 ms or more
   * @param p99GetMicros the 99th percentile of gets
   * @param p99ScanMicros the 99th percentile of scans
   * @param misses blocks asked of the frames and those not there, of all levels and then of each from 0;
   *     runs that merges took away count only for all
   * @param levels the shape at the end
   */
  public record Cost(
      double ops,
      double flushes,
      double flushesEver,
      double userBytes,
      double flushBytes,
      double compactionBytesRead,
      double compactionBytesWritten,
      double allBytesWritten,
      double probesPerGet,
      double blocksPerGet,
      double runsPerSeek,
      double gets,
      double seeks,
      double drift,
      double spaceAmplification,
      double spaceAmplificationMax,
      double seconds,
      double settleSeconds,
      double cpuSeconds,
      double gcSeconds,
      double stallSeconds,
      double p999WriteMicros,
      double maxWriteMicros,
      double writesStalled,
      double p99GetMicros,
      double p99ScanMicros,
      List<Misses> misses,
      List<Stats.LevelStats> levels) {
    /** Copies the lists. */
    public Cost {
      misses = List.copyOf(misses);
      levels = List.copyOf(levels);
    }
  }

  /**
   * Blocks that reads asked of the frames, where tables were not mapped.
   *
   * @param asked all of them
   * @param missed those that were not there
   */
  public record Misses(double asked, double missed) {
    /** Share of the blocks that were not there; 0 if none was asked for. */
    public double ratio() {
      return asked == 0 ? 0 : missed / asked;
    }
  }

  private final Plan plan;
  private final Path directory;
  private final StopSignal stop;
  private @Nullable SimEnv world;

  /**
   * Prepares a run.
   *
   * @param directory an empty directory of its own
   * @param stop ends the run early, in order
   */
  public EngineRun(Plan plan, Path directory, StopSignal stop) {
    this.plan = plan;
    this.directory = directory;
    this.stop = stop;
  }

  /** Runs it. */
  public Cost run() {
    try (AtllStore store = open()) {
      KeySpace keys = new KeySpace(plan.workload().order());
      if (plan.workload().loaded()) {
        Workload load =
            Workloads.named(
                switch (plan.workload().order()) {
                  case HASHED -> "load-random";
                  case ORDERED -> "load-sequential";
                });
        phase(worker(store, keys, load, 0), Long.MAX_VALUE);
        store.flush();
        settle(store);
      }
      WorkloadWorker worker = worker(store, keys, plan.workload(), plan.opsPerSecond());
      phase(worker, plan.warmOps());
      worker.tally().forgetLatencies();
      long userBefore = worker.tally().userBytesWritten;
      Stats before = store.db().stats();
      double cpuBefore = cpuSeconds();
      double gcBefore = gcSeconds();
      Course course = stretch(store, worker, before);
      long beganNanos = System.nanoTime();
      store.flush();
      settle(store);
      double settleSeconds = (System.nanoTime() - beganNanos) / 1e9;
      course =
          course.settled(settleSeconds, cpuSeconds() - cpuBefore, gcSeconds() - gcBefore);
      return cost(store, before, worker.tally(), userBefore, course);
    }
  }

  /** How the stretch that counts went. */
  private record Course(
      double seconds,
      double settleSeconds,
      double cpuSeconds,
      double gcSeconds,
      double stallSeconds,
      double drift,
      double tableBytesMax) {
    Course settled(double settle, double cpu, double gc) {
      return new Course(seconds, settle, cpu, gc, stallSeconds, drift, tableBytesMax);
    }
  }

  private Course stretch(AtllStore store, WorkloadWorker worker, Stats before) {
    double seconds = 0;
    double tableBytesMax = 0;
    double firstHalf = 0;
    Stats now = before;
    for (int i = 0; i < PIECES; i++) {
      seconds += phase(worker, plan.ops() * (i + 1) / PIECES - plan.ops() * i / PIECES);
      now = store.db().stats();
      tableBytesMax = Math.max(tableBytesMax, (double) now.tableBytes());
      firstHalf = i + 1 == PIECES / 2 ? tables(now) - tables(before) : firstHalf;
    }
    double secondHalf = tables(now) - tables(before) - firstHalf;
    return new Course(
        seconds,
        0,
        0,
        0,
        (now.stallNanos() - before.stallNanos()) / 1e9,
        firstHalf == 0 ? 0 : secondHalf / firstHalf,
        tableBytesMax);
  }

  private static double tables(Stats s) {
    return (double) s.flushBytesWritten() + s.compactionBytesWritten();
  }

  /** Processor time that this JVM has taken, in seconds; 0 if it cannot tell. */
  static double cpuSeconds() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
        ? system.getProcessCpuTime() / 1e9
        : 0;
  }

  private static double gcSeconds() {
    long millis = 0;
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      millis += Math.max(0, collector.getCollectionTime());
    }
    return millis / 1e3;
  }

  private AtllStore open() {
    if (!plan.virtual()) {
      return (AtllStore) Stores.open("atll", directory, plan.store());
    }
    SimEnv env = new SimEnv(plan.settings().seed());
    world = env;
    Options.Builder options = Options.builder();
    OptionSettings.apply(options, plan.store());
    Path place = Path.of("/store");
    return new AtllStore("atll", place, Atll.open(place, options.build(), Observer.none(), env));
  }

  private WorkloadWorker worker(
      AtllStore store, KeySpace keys, Workload workload, double opsPerSecond) {
    return new WorkloadWorker(
        store,
        keys,
        workload.source(plan.settings(), 0),
        plan.valueBytes(),
        plan.settings().keys(),
        plan.settings().seed() * 31,
        world == null ? opsPerSecond : 0);
  }

  private double phase(WorkloadWorker worker, long ops) {
    SimEnv env = world;
    if (env != null) {
      long began = env.clock().elapsedNanos();
      double nanosPerOp = 1e9 / (plan.opsPerSecond() > 0 ? plan.opsPerSecond() : VIRTUAL_RATE);
      long left = ops;
      while (left > 0 && !stop.requested() && worker.step((int) Math.min(VIRTUAL_STEP, left))) {
        left -= VIRTUAL_STEP;
        env.workers().advance((long) (VIRTUAL_STEP * nanosPerOp));
      }
      return (env.clock().elapsedNanos() - began) / 1e9;
    }
    return ops == 0
        ? 0
        : new Phase(List.of(worker), new Limits(ops, Long.MAX_VALUE), stop).run();
  }

  private void settle(AtllStore store) {
    if (!stop.requested()) {
      store.settle(Duration.ofMinutes(10));
    }
  }

  private Cost cost(
      AtllStore store, Stats before, Tally tally, long userBefore, Course course) {
    Stats after = store.db().stats();
    ScanChecksum everything = new ScanChecksum();
    store.scan(EMPTY, null, Integer.MAX_VALUE, everything);
    double gets = (double) after.gets() - before.gets();
    double seeks = (double) after.seeks() - before.seeks();
    return new Cost(
        plan.ops(),
        (double) after.flushes() - before.flushes(),
        (double) after.flushes(),
        (double) tally.userBytesWritten - userBefore,
        (double) after.flushBytesWritten() - before.flushBytesWritten(),
        (double) after.compactionBytesRead() - before.compactionBytesRead(),
        (double) after.compactionBytesWritten() - before.compactionBytesWritten(),
        all(after) - all(before),
        mean(after.gets(), after.probesPerGet(), before.gets(), before.probesPerGet()),
        mean(after.gets(), after.blocksPerGet(), before.gets(), before.blocksPerGet()),
        mean(after.seeks(), after.runsPerSeek(), before.seeks(), before.runsPerSeek()),
        gets,
        seeks,
        course.drift(),
        everything.bytes() == 0 ? 0 : (double) after.tableBytes() / everything.bytes(),
        everything.bytes() == 0 ? 0 : course.tableBytesMax() / everything.bytes(),
        course.seconds(),
        course.settleSeconds(),
        course.cpuSeconds(),
        course.gcSeconds(),
        course.stallSeconds(),
        tally.writes.percentileMicros(99.9),
        tally.writes.maxMicros(),
        tally.writes.countFrom(STALL_MILLIS),
        tally.reads.percentileMicros(99),
        tally.scans.percentileMicros(99),
        misses(before.cache(), after.cache(), after.levels().size()),
        after.levels());
  }

  private static List<Misses> misses(CacheStats before, CacheStats after, int levels) {
    List<Misses> all = new ArrayList<>();
    all.add(
        new Misses(
            (double) after.hits() + after.misses() - before.hits() - before.misses(),
            (double) after.misses() - before.misses()));
    for (int level = 0; level < levels; level++) {
      Misses now = ofLevel(after, level);
      Misses then = ofLevel(before, level);
      all.add(
          new Misses(
              Math.max(0, now.asked() - then.asked()), Math.max(0, now.missed() - then.missed())));
    }
    return all;
  }

  private static Misses ofLevel(CacheStats stats, int level) {
    double asked = 0;
    double missed = 0;
    for (CacheStats.SlotCache slot : stats.slots()) {
      if (slot.level() == level) {
        asked += (double) slot.hits() + slot.misses();
        missed += (double) slot.misses();
      }
    }
    return new Misses(asked, missed);
  }

  private static double all(Stats s) {
    return tables(s) + s.logBytesWritten() + s.manifestBytesWritten();
  }

  /** The mean of what came between two running means. */
  private static double mean(long count, double mean, long countBefore, double meanBefore) {
    return count == countBefore
        ? 0
        : (count * mean - countBefore * meanBefore) / (count - countBefore);
  }
}
