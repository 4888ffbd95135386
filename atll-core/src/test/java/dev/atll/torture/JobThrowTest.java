package dev.atll.torture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/**
 * A sample of histories in which a compaction thread throws between a job's plan and its report.
 * {@code -Dseed=} replays one history with all its traps; {@link JobThrowSweep} has more.
 */
final class JobThrowTest {
  @Test
  void whatAJobThrowsLeavesNothingBehind() {
    Long given = Long.getLong("seed");
    if (given != null) {
      check(given, new JobStage(100, JobStage.HOLDERS, Integer.MAX_VALUE));
    } else {
      check(1, new JobStage(2, JobStage.HOLDERS, 24));
    }
  }

  static void check(long seed, JobStage stage) {
    Campaign campaign = new Campaign(0, Integer.getInteger("seconds", 600), f -> {});
    stage.check(seed, campaign);
    Figures figures = campaign.figures;
    System.out.printf(
        "%d stores stopped writing, %s; %s%n", figures.stopped, figures.faults, figures);
    assertEquals(0, figures.failures());
    assertTrue(figures.faultsFired() > 20, figures::toString);
  }
}
