package dev.atll.torture;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/**
 * Histories in which one file operation fails, once or from then on. {@code -Dseconds=} says how
 * long; {@code -Dseed=} replays one history with its faults.
 */
final class FaultTest {
  private static final int SECONDS = Integer.getInteger("seconds", 600);

  // A build runs the same histories on every machine; with -Dseconds= the time alone decides.
  private static final long HISTORIES =
      System.getProperty("seconds") == null ? 20 : Long.MAX_VALUE / 2;

  @Test
  void oneFailureLosesNothing() {
    FaultStage stage = new FaultStage();
    Long given = Long.getLong("seed");
    if (given != null) {
      stage.check(given, new Figures());
      return;
    }
    Campaign campaign = new Campaign(Long.getLong("firstSeed", 1), SECONDS, f -> {});
    Figures figures = campaign.figures;
    long seed = campaign.firstSeed;
    long last = seed + HISTORIES;
    do {
      stage.check(seed++, figures);
    } while (seed < last && campaign.goesOn());
    long all = figures.faultsFired();
    System.out.printf(
        "%d faults fired, %d not reached, %d stores stopped writing, %s; %s%n",
        all, figures.unreached, figures.stopped, figures.faults, figures);
    if (all + figures.unreached > 200) {
      assertTrue(
          all > 2 * figures.unreached,
          all + " faults fired, " + figures.unreached + " did not");
      assertTrue(figures.stopped > 0, "no fault stopped a store");
    }
  }
}
