package dev.atll.torture;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One store for each mischief; {@code -Dseed=} runs that of one seed. */
@Tag("slow")
@Timeout(600)
final class ProcessTest {
  @Test
  void anOddProcessLosesNothing() {
    Figures figures = new Figures();
    Long given = Long.getLong("seed");
    if (given != null) {
      new ProcessStage().check(given, 400, figures);
      return;
    }
    for (int seed = 0; seed < ProcessMischief.values().length; seed++) {
      new ProcessStage().check(seed, 100, figures);
    }
  }
}
