package dev.atll.bench.torture;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The progress of a campaign, and the one table it ends with. For one thread. */
final class TortureTable {
  /** Always shown, in this order and before all others. */
  private static final List<String> FIRST =
      List.of("histories", "crash points", "recovered images", "faults fired", "kills", "acked writes");

  /** Always shown, at the end; all must be 0. */
  private static final List<String> LAST = List.of("lost", "holes", "wrong answers", "refused opens");

  private static final long PROGRESS_NANOS = 5_000_000_000L;

  private final PrintWriter out;
  private final long began = System.nanoTime();
  private final Map<String, Long> counts = new LinkedHashMap<>();
  private final List<String> stages = new ArrayList<>();
  private final List<String> findings = new ArrayList<>();
  private long lastProgress = began;

  TortureTable(PrintWriter out) {
    this.out = out;
    FIRST.forEach(name -> counts.put(name, 0L));
  }

  /** Says how far a stage has come, now and then. */
  void progress(String stage, String text) {
    long now = System.nanoTime();
    if (now - lastProgress > PROGRESS_NANOS) {
      lastProgress = now;
      out.printf(Locale.ROOT, "%6d s  %-10s %s%n", (now - began) / 1_000_000_000L, stage, text);
      out.flush();
    }
  }

  void add(Map<String, Long> more) {
    more.forEach((name, count) -> counts.merge(name, count, Long::sum));
  }

  void ended(String stage, String how) {
    stages.add(String.format(Locale.ROOT, "%-10s %s", stage, how));
    out.println(stage + ": " + how);
    out.flush();
  }

  void found(String what) {
    findings.add(what);
    out.println("FOUND: " + what);
    out.flush();
  }

  boolean isClean() {
    return findings.isEmpty();
  }

  void print() {
    out.println();
    stages.forEach(out::println);
    out.println();
    counts.forEach(
        (name, count) -> {
          if (!LAST.contains(name)) {
            row(name, count);
          }
        });
    LAST.forEach(name -> row(name, counts.getOrDefault(name, 0L)));
    row("findings", findings.size());
    row("seconds", (System.nanoTime() - began) / 1_000_000_000L);
    out.flush();
  }

  private void row(String title, long count) {
    out.printf(Locale.ROOT, "%-36s %,15d%n", title, count);
  }
}
