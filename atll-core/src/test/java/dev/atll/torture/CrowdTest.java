package dev.atll.torture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A few crowds; {@code -Dseed=} runs that of one seed, {@code -Dmillis=} says how long each. */
@Timeout(300)
final class CrowdTest {
  private static final int MILLIS = Integer.getInteger("millis", 50);

  @Test
  void whatWasAcknowledgedIsThereHoweverManyWrite() {
    Figures figures = new Figures();
    long first = Long.getLong("seed", 1);
    long last = System.getProperty("seed") == null ? 4 : first;
    for (long seed = first; seed <= last; seed++) {
      new CrowdStage().check(seed, MILLIS, figures);
    }
    assertEquals(last - first + 1, figures.concurrent);
  }
}
