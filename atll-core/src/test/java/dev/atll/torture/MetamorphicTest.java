package dev.atll.torture;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * One history, many ways to set up the store: each must answer as the model does. {@code -Dseconds=}
 * says how long; {@code -Dseed=} replays one history, {@code -Doptions=} under one option set.
 */
final class MetamorphicTest {
  private static final int SECONDS = Integer.getInteger("seconds", 600);

  // A build runs the same histories on every machine; with -Dseconds= the time alone decides.
  private static final long HISTORIES =
      System.getProperty("seconds") == null ? 100 : Long.MAX_VALUE / 2;

  /**
   * Level 0 was full when a slot turned out to be indivisible; nobody looked again, and writers were
   * refused after a minute.
   */
  @Test
  void aSlotThatCannotBeCutIsLookedAtAgain() {
    for (long seed : new long[] {2_994_053_358L, 1_000_044}) {
      new HistoryStage().runAll(seed, "flsm-cap-2", new Figures());
    }
  }

  @Test
  void optionsDoNotChangeAnswers() {
    HistoryStage stage = new HistoryStage();
    Long given = Long.getLong("seed");
    String set = System.getProperty("options");
    Campaign campaign = new Campaign(Long.getLong("firstSeed", 1), SECONDS, f -> {});
    Figures figures = campaign.figures;
    if (given != null) {
      stage.runAll(given, set, figures);
      return;
    }
    long seed = campaign.firstSeed;
    long last = seed + HISTORIES;
    do {
      if (set != null) {
        stage.runAll(seed, set, figures);
      } else {
        stage.runSome(seed, figures);
      }
      seed++;
    } while (seed < last && campaign.goesOn());
    System.out.printf(
        "%d histories, %d operations, events %s%n",
        figures.histories, figures.operations, stage.events);
    if (set == null && SECONDS >= 20) {
      // The histories went where they should.
      for (String kind :
          List.of(
              "FlushEvent$Completed",
              "AdmissionEvent$Completed",
              "CompactionEvent$Finished",
              "DecisionEvent$Made",
              "GuardEvent$Split")) {
        assertTrue(
            stage.events.getOrDefault(kind, 0) > 10, kind + " in " + stage.events);
      }
    }
  }
}
