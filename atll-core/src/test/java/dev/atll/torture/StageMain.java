package dev.atll.torture;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * One {@link Stage} in a process of its own, for the {@code torture} command: {@code StageMain NAME
 * SEED SECONDS}. Says on standard output, a line each: {@code count NAME<tab>NUMBER} about once a
 * second, with the numbers so far; {@code complete} when it did all there is; {@code finding} and
 * then the text, to the end. Exit codes: 0 nothing found, 1 a finding, 3 no progress for two minutes of work, or an hour of none.
 */
public final class StageMain {
  private static final long WORK_SECONDS_MAX = 120;
  private static final long WALL_SECONDS_MAX = 3600;

  private static final Map<String, Supplier<Stage>> STAGES =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("histories", HistoryStage::new),
              Map.entry("cuts", () -> new PowerCutStage(Integer.getInteger("images", 3))),
              Map.entry("faults", FaultStage::new),
              Map.entry("calls", () -> new CallSweep(12, 1)),
              Map.entry("bytes", () -> new ByteSweep(SmallStore.ALL_VARIANTS, 1)),
              Map.entry("recovery", () -> new RecoverySweep(25, 1)),
              Map.entry("hostile", HostileStage::new),
              Map.entry("manifest", ManifestStage::new),
              Map.entry("threads", ThreadStage::new),
              Map.entry("process", ProcessStage::new),
              Map.entry("crowds", CrowdStage::new),
              Map.entry("throws", () -> new ThrowStage(40)),
              Map.entry("jobs", () -> new JobStage(100, JobStage.HOLDERS, Integer.MAX_VALUE))));

  private static final AtomicLong reports = new AtomicLong();

  private StageMain() {}

  static java.util.Set<String> names() {
    return STAGES.keySet();
  }

  /** Runs a stage. */
  public static void main(String[] args) {
    Supplier<Stage> stage = STAGES.get(args[0]);
    if (stage == null) {
      System.err.println("no stage " + args[0] + " in " + STAGES.keySet());
      System.exit(2);
      return;
    }
    // What stores log of themselves is not what a stage has to say.
    for (Handler handler : Logger.getLogger("").getHandlers()) {
      handler.setLevel(Level.OFF);
    }
    long self = Thread.currentThread().threadId();
    Thread.ofPlatform().daemon().start(() -> watch(self));
    Campaign campaign =
        new Campaign(Long.parseLong(args[1]), Double.parseDouble(args[2]), StageMain::report);
    int code = 0;
    try {
      if (stage.get().run(campaign)) {
        System.out.println("complete");
      }
      report(campaign.figures);
    } catch (Throwable e) {
      report(campaign.figures);
      System.out.println("finding");
      e.printStackTrace(System.out);
      code = 1;
    }
    System.out.flush();
    System.exit(code);
  }

  private static void report(Figures figures) {
    reports.incrementAndGet();
    StringBuilder text = new StringBuilder();
    figures.counts().forEach((name, n) -> text.append("count %s\t%d%n".formatted(name, n)));
    System.out.print(text);
    System.out.flush();
  }

  /** Ends the process when a history goes in a circle; by its own time, the machine may be busy. */
  private static void watch(long worker) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long seen = -1;
    long wallBegan = 0;
    long workBegan = 0;
    while (true) {
      long wall = System.nanoTime();
      long work = threads.getThreadCpuTime(worker);
      if (reports.get() != seen) {
        seen = reports.get();
        wallBegan = wall;
        workBegan = work;
      }
      if (work - workBegan > WORK_SECONDS_MAX * 1_000_000_000L
          || wall - wallBegan > WALL_SECONDS_MAX * 1_000_000_000L) {
        break;
      }
      try {
        Thread.sleep(1000);
      } catch (InterruptedException e) {
        return;
      }
    }
    System.out.println("finding");
    System.out.println("no progress for a long time; threads:");
    Thread.getAllStackTraces()
        .forEach(
            (thread, frames) -> {
              System.out.println(thread);
              for (StackTraceElement frame : frames) {
                System.out.println("    " + frame);
              }
            });
    System.out.flush();
    Runtime.getRuntime().halt(3);
  }
}
