package dev.atll.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.api.Options;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What is off has one representation, whatever the options say for it. */
class PolicySettingsTest {
  private static PolicySettings of(Options options) {
    return new PolicySettings(
        options.memtableBytes(),
        options.fanout(),
        options.slotBytes(),
        options.runsCap(),
        options.spaceAmplificationMax(),
        options.deleteDeadline().toMillis(),
        options.tombstonePermille(),
        options.runsPerReadMax());
  }

  @Test
  void defaultsAreOff() {
    PolicySettings settings = of(Options.defaults());
    assertFalse(settings.hasDeadline());
    assertFalse(settings.boundsReads());
    assertEquals(Long.MAX_VALUE, settings.deleteDeadlineMillis());
    assertEquals(Integer.MAX_VALUE, settings.runsPerReadMax());
  }

  @Test
  void theSmallestStepBelowIsOn() {
    PolicySettings settings =
        of(
            Options.builder()
                .deleteDeadline(Duration.ofDays(365_000).minusMillis(1))
                .runsPerReadMax(999_999)
                .build());
    assertTrue(settings.hasDeadline());
    assertTrue(settings.boundsReads());
    assertEquals(999_999, settings.runsPerReadMax());
  }
}
