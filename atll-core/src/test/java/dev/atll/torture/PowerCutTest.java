package dev.atll.torture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/**
 * Histories cut by power failures at any file operation. {@code -Dseconds=} says how long; {@code
 * -Dseed=} replays one history.
 */
final class PowerCutTest {
  private static final int SECONDS = Integer.getInteger("seconds", 600);

  // A build runs the same histories on every machine; with -Dseconds= the time alone decides.
  private static final long HISTORIES =
      System.getProperty("seconds") == null ? 40 : Long.MAX_VALUE / 2;

  @Test
  void whatWasPromisedSurvives() {
    PowerCutStage stage = new PowerCutStage(Integer.getInteger("images", 1));
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
    System.out.printf("%s; %,.0f images/s%n", figures, figures.images / campaign.seconds());
    assertEquals(0, figures.failures());
    if (SECONDS >= 20) {
      // Cuts that lose nothing and keep nothing extra would prove nothing.
      assertTrue(figures.images > 300, figures::toString);
      assertTrue(figures.unpromisedKept > figures.images / 20, figures::toString);
      assertTrue(figures.unpromisedLost > figures.images / 20, figures::toString);
      assertTrue(figures.recoveryCrashes > figures.images / 20, figures::toString);
      assertTrue(figures.secondCrashes > figures.images / 50, figures::toString);
    }
  }
}
