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

  /** Runs it. */
  void run(StudyContext context) throws IOException;
}
