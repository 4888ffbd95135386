package dev.atll.bench.demo;

import dev.atll.bench.workload.ShiftingHotSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the demonstration does to its store. */
enum Scenario {
  /** Reads are hot here, writes there, and both move. */
  MOVING("moving-hot-range", 0.6, 0.1, 0.9, 0, true),
  /** Reads and writes are hot in the same place, which moves. */
  TOGETHER("same-hot-range", 0.6, 0.1, 0.9, 1, true),
  /** Reads are hot here, writes there, and both stay. */
  RESTING("resting-hot-range", 0.6, 0.1, 0.9, 0, false),
  /** Every key alike. */
  EVEN("no-hot-range", 0.6, 0.1, 0.1, 1, false),
  /** Hardly anything but reads. */
  READING("reads-mostly", 0.97, 0.1, 0.9, 0, true),
  /** Hardly anything but writes. */
  WRITING("writes-mostly", 0.05, 0.1, 0.9, 0, true);

  private final String label;
  private final double readShare;
  private final double width;
  private final double hotShare;
  private final double overlap;
  private final boolean moves;

  Scenario(
      String label,
      double readShare,
      double width,
      double hotShare,
      double overlap,
      boolean moves) {
    this.label = label;
    this.readShare = readShare;
    this.width = width;
    this.hotShare = hotShare;
    this.overlap = overlap;
    this.moves = moves;
  }

  /** The name on the page and the command line. */
  String label() {
    return label;
  }

  /** Whether its hot ranges move. */
  boolean moves() {
    return moves;
  }

  /** Its operations; periods are counted by the demonstration's clock. */
  ShiftingHotSet hotSet() {
    return new ShiftingHotSet(readShare, 0.15, 20, width, hotShare, overlap, 0);
  }

  /** All names. */
  static List<String> labels() {
    List<String> labels = new ArrayList<>();
    for (Scenario scenario : values()) {
      labels.add(scenario.label);
    }
    return labels;
  }

  /**
   * Finds one by its name.
   *
   * @throws IllegalArgumentException if none has it
   */
  static Scenario labelled(String label) {
    for (Scenario scenario : values()) {
      if (scenario.label.equals(label)) {
        return scenario;
      }
    }
    throw new IllegalArgumentException(
        String.format(
            Locale.ROOT,
            "no workload '%s'; there are %s",
            label, String.join(", ", labels())));
  }
}
