package dev.atll.torture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/**
 * Histories in which a compaction thread throws between a job's plan and its report. {@code -Dseed=}
 * replays one history with all its traps.
 */
final class JobThrowTest {
  private static final int HISTORIES = 2;
  private static final int EACH = 4;

  @Test
  void whatAJobThrowsLeavesNothingBehind() {
    Campaign campaign = new Campaign(0, Integer.getInteger("seconds", 600), f -> {});
    Long given = Long.getLong("seed");
    if (given != null) {
      new JobStage(Integer.getInteger("each", 400)).check(given, campaign);
    } else {
      for (int seed = 1; seed <= HISTORIES; seed++) {
        new JobStage(EACH).check(seed, campaign);
      }
    }
    Figures figures = campaign.figures;
    System.out.printf(
        "%d stores stopped writing, %s; %s%n", figures.stopped, figures.faults, figures);
    assertEquals(0, figures.failures());
    assertTrue(figures.faultsFired() > EACH * HISTORIES, figures::toString);
  }
}
