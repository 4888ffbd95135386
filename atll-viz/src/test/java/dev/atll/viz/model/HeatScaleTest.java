package dev.atll.viz.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

/** Heat as a share, whatever it came as. */
final class HeatScaleTest {
  private final HeatScale scale = new HeatScale();

  @Test
  void sharesStayAsTheyAre() {
    scale.see(1, 0, 0.5);
    scale.see(0.25, 0.5, 1);
    assertEquals(0.25, scale.scaled(0.25, 0.5, 1));
  }

  @Test
  void countsBecomeDensities() {
    scale.see(800, 0, 0.1);
    scale.see(800, 0.1, 0.9);
    assertEquals(1, scale.scaled(800, 0, 0.1));
    assertEquals(0.125, scale.scaled(800, 0.1, 0.9), 1e-9);
  }

  @Test
  void aPeakFades() {
    scale.see(1_000, 0, 1);
    scale.fade(63_000);
    scale.see(10, 0, 1);
    assertEquals(0.02, scale.scaled(10, 0, 1), 0.001);
    scale.fade(2_000_000);
    scale.see(10, 0, 1);
    assertEquals(1, scale.scaled(10, 0, 1));
  }

  @Property(shrinking = ShrinkingMode.OFF)
  void alwaysAShare(@ForAll double heat, @ForAll @DoubleRange(max = 1) double low) {
    HeatScale any = new HeatScale();
    any.see(heat, low, low);
    any.see(500, 0, 1);
    double shown = any.scaled(heat, low, low);
    assertTrue(shown >= 0 && shown <= 1, heat + " shown as " + shown);
  }
}
