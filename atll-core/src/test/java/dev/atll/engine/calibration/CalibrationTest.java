package dev.atll.engine.calibration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.api.Options;
import dev.atll.policy.UnitCosts;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class CalibrationTest {
  /** No times are judged: only that all is measured, for each compression, and can be read back. */
  @Test
  void pricesAreMeasuredAndCanBeReadBack() {
    for (Options.Compression compression : Options.Compression.values()) {
      Options options = Options.builder().compression(compression).build();
      UnitCosts costs = Calibration.measure(options, 2000, Duration.ofMillis(10));
      assertTrue(costs.probeNanos() > 0, costs::toString);
      assertTrue(costs.seekNanos() > costs.probeNanos(), costs::toString);
      assertTrue(costs.readByteNanos() > 0, costs::toString);
      assertEquals(costs, UnitCosts.parse(costs.text()));
    }
  }
}
