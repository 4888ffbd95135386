package dev.atll.torture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/**
 * Histories in which code of others, or what may run out of memory, throws. {@code -Dseed=} replays
 * one history with all its traps; {@code -Dpoints=} says at which places.
 */
final class ThrowTest {
  private static final int HISTORIES = 3;

  @Test
  void whatThrowsLosesNothing() {
    Campaign campaign = new Campaign(0, Integer.getInteger("seconds", 600), f -> {});
    Long given = Long.getLong("seed");
    if (given != null) {
      new ThrowStage(40).check(given, campaign);
      return;
    }
    for (int seed = 1; seed <= HISTORIES; seed++) {
      new ThrowStage(1).check(seed, campaign);
    }
    Figures figures = campaign.figures;
    System.out.printf(
        "%d thrown, %d not reached, %d stores stopped writing, %s; %s%n",
        figures.faultsFired(), figures.unreached, figures.stopped, figures.faults, figures);
    assertEquals(0, figures.failures());
    assertTrue(figures.faultsFired() > 2 * HISTORIES, figures::toString);
  }
}
