package dev.atll.torture;

import org.junit.jupiter.api.Test;

/** All places of the code that holds a job, for planted bugs; a build runs {@link JobThrowTest}. */
final class JobThrowSweep {
  static {
    // What a planted bug does need not be told in few words.
    System.setProperty("shrinkSeconds", "0");
  }

  @Test
  void whereverAJobIsHeldMayThrow() {
    for (long seed = 1; seed <= 4; seed++) {
      JobThrowTest.check(seed, new JobStage(4, JobStage.HOLDERS, Integer.MAX_VALUE));
    }
  }

  /** A move that throws, also while it gives its slots back, keeps none. */
  @Test
  void aMoveThatThrowsGivesItsSlotsBack() {
    JobThrowTest.check(10, new JobStage(2, JobStage.HOLDERS, 60));
  }
}
