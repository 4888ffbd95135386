package dev.atll.viz.model;

/**
 * Brings heat to 0..1.
 *
 * <p>Heat is meant to come as a share. An emitter that sends plain decayed counts instead is
 * recognised by a value above 1; from then on heat is shown as accesses for each share of the key
 * space, against the densest slot seen lately. Density, not the count, because a wide slot is not
 * hot for being wide.
 */
final class HeatScale {
  // The densest slot is forgotten by half in about a minute of measurements, so that colours
  // neither flicker nor stay pale for ever after one peak.
  private static final double FADE_PER_SECOND = 0.011;
  private static final double WIDTH_MIN = 1e-6;
  // Keeps quotients finite.
  private static final double HEAT_MAX = 1e18;

  private boolean counts;
  private double densest;
  private long fadedMillis;

  /** Looks at one value before any of its round is scaled. */
  void see(double heat, double low, double high) {
    counts |= heat > 1;
    if (Double.isFinite(heat)) {
      densest = Math.max(densest, density(heat, low, high));
    }
  }

  /** Lets the past fade up to now. */
  void fade(long nowMillis) {
    double seconds = Math.clamp((nowMillis - fadedMillis) / 1e3, 0, 3_600);
    densest *= Math.exp(-seconds * FADE_PER_SECOND);
    fadedMillis = nowMillis;
  }

  /** The value to show, 0 to 1. */
  double scaled(double heat, double low, double high) {
    if (!Double.isFinite(heat) || heat <= 0) {
      return 0;
    }
    if (!counts) {
      return heat;
    }
    return Math.min(1, density(heat, low, high) / Math.max(densest, Double.MIN_NORMAL));
  }

  void forget() {
    counts = false;
    densest = 0;
  }

  private static double density(double heat, double low, double high) {
    return Math.min(heat, HEAT_MAX) / Math.max(WIDTH_MIN, high - low);
  }
}
