package dev.atll.bench.study;

/**
 * What became of a hypothesis.
 *
 * @param hypothesis what was expected
 * @param measured what was found
 * @param outcome whether it held
 */
record Verdict(String hypothesis, String measured, Outcome outcome) {
  /** Whether a hypothesis held. */
  enum Outcome {
    HELD,
    FAILED,
    /** Not decided by what was run. */
    OPEN
  }
}
