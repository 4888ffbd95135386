package dev.atll.torture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Histories in which a compaction thread throws between a job's plan and its report. {@code -Dseed=}
 * replays one history with all its traps.
 */
final class JobThrowTest {
  private static final int EACH = 3;
  private static final int HISTORIES = 1;

  @Test
  void whatAJobThrowsLeavesNothingBehind() {
    Long given = Long.getLong("seed");
    if (given != null) {
      check(given, 200, JobStage.HOLDERS);
    } else {
      check(1, EACH, List.of("schedule.JobRun"));
    }
  }

  @Tag("slow")
  @Test
  void whereverAJobIsHeldMayThrow() {
    for (int seed = 1; seed <= HISTORIES; seed++) {
      check(seed, EACH, JobStage.HOLDERS);
    }
  }

  private static void check(long seed, int each, List<String> holders) {
    Campaign campaign = new Campaign(0, Integer.getInteger("seconds", 600), f -> {});
    new JobStage(each, holders).check(seed, campaign);
    Figures figures = campaign.figures;
    System.out.printf(
        "%d stores stopped writing, %s; %s%n", figures.stopped, figures.faults, figures);
    assertEquals(0, figures.failures());
    assertTrue(figures.faultsFired() > 5L * EACH, figures::toString);
  }
}
