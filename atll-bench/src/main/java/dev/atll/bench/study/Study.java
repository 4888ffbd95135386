package dev.atll.bench.study;

import java.io.IOException;
import java.util.List;

/** An experiment. */
interface Study {
  /** As on the command line. */
  String name();

  /** What it asks, in a line. */
  String title();

  /** What is expected, as written down before any run; {@code context/experiments} has the reasons. */
  List<String> hypotheses();

  /**
   * User data that a run of the engine writes where nothing else is asked for, in millions of bytes.
   */
  default double engineMegabytes(boolean quick) {
    return quick ? 24 : 256;
  }

  /** Seeds of each real cell where nothing else is asked for. */
  default int engineSeeds() {
    return 1;
  }

  /** Whether it takes this machine's clock and disk in any case. */
  default boolean onlyReal() {
    return false;
  }

  /** Runs it. */
  void run(StudyContext context) throws IOException;
}
