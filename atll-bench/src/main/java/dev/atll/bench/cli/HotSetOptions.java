package dev.atll.bench.cli;

import dev.atll.bench.report.InRange;
import dev.atll.bench.workload.ShiftingHotSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of the workload whose hot ranges move. */
final class HotSetOptions {
  private static final ShiftingHotSet DEFAULTS = ShiftingHotSet.defaults();

  @Option(names = "--hot-width", description = "Width of each hot range, of 1 (0.1).")
  @InRange(above = true, max = 1)
  private double width = DEFAULTS.width();

  @Option(names = "--hot-share", description = "Share of accesses in the hot range (0.9).")
  @InRange(max = 1)
  private double share = DEFAULTS.hotShare();

  @Option(
      names = "--write-hot-share",
      description = {
        "Share of writes in theirs, if not the same; the width makes them even."
      })
  @InRange(max = 1)
  private @Nullable Double writeShare;

  @Option(
      names = "--hot-overlap",
      description = {
        "How far the hot ranges of reads and writes coincide: 0 they only touch, 1 they are one",
        "(0)."
      })
  @InRange(max = 1)
  private double overlap = DEFAULTS.overlap();

  @Option(names = "--hot-period", description = "Operations after which they move; 0 never.")
  @InRange(max = InRange.ANY)
  private long periodOps = DEFAULTS.periodOps();

  @Option(names = "--read-share", description = "Share of reads of shifting-hotset (0.5).")
  @InRange(max = 1)
  private double readShare = DEFAULTS.readShare();

  @Option(names = "--scan-share", description = "Share of scans among those reads (0.1).")
  @InRange(max = 1)
  private double scanShare = DEFAULTS.scanShare();

  @Option(names = "--scan-entries", description = "Entries of each of those scans (20).")
  @InRange(min = 1, max = 1_000_000)
  private int scanEntries = DEFAULTS.scanEntries();

  /** Makes the settings, checked. */
  ShiftingHotSet toSettings() {
    return new ShiftingHotSet(
        readShare,
        scanShare,
        scanEntries,
        width,
        share,
        overlap,
        periodOps,
        writeShare == null ? share : writeShare);
  }
}
