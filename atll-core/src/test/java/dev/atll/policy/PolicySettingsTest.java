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
        options.compaction().deleteDeadlineMillis(),
        options.tombstonePermille(),
        options.runsPerReadMax());
  }

  @Test
  void defaultsAreOff() {
    PolicySettings settings = of(Options.defaults());
    assertFalse(settings.hasDeadline());
    assertFalse(settings.boundsReads());
    assertEquals(PolicySettings.OFF, settings.deleteDeadlineMillis());
    assertEquals(PolicySettings.OFF, settings.runsPerReadMax());
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

  @Test
  void whatRecordingsSaidBeforeIsOff() {
    long thousandYears = Duration.ofDays(365_000).toMillis();
    for (long deadline : new long[] {thousandYears, Long.MAX_VALUE, 0}) {
      for (int runs : new int[] {1_000_000, Integer.MAX_VALUE, 0}) {
        PolicySettings settings = new PolicySettings(1 << 20, 4, 1 << 18, 64, 2, deadline, 150, runs);
        assertEquals(PolicySettings.OFF, settings.deleteDeadlineMillis());
        assertEquals(PolicySettings.OFF, settings.runsPerReadMax());
      }
    }
  }
}
