package dev.atll.viz.synthetic;

import dev.atll.observe.EventSink;
import dev.atll.observe.event.Label;
import dev.atll.observe.event.WorkloadEvent;

/** What the modelled users do: reads and writes, most of them in a hot range that wanders. */
final class SimLoad {
  static final int VALUE_BYTES = 220;
  private static final String[] PHASES = {"read-mostly", "mixed", "write-heavy"};
  private static final double[] READS = {0.92, 0.6, 0.25};
  private static final long PHASE_NANOS = 24_000_000_000L;

  double rate = 120_000;
  double hotLow = 0.18;
  double hotHigh = 0.30;
  double hotShare = 0.85;
  int kind;
  boolean wandering = true;
  private long burstEnds;
  private long nextPhase;
  private int phase;

  void move(long now, EventSink sink) {
    if (wandering && now >= nextPhase) {
      nextPhase = now + PHASE_NANOS;
      kind = phase % PHASES.length;
      double width = 0.06 + 0.05 * (phase % 3);
      hotLow = (0.18 + phase * 0.27) % (1 - width);
      hotHigh = hotLow + width;
      announce(now, sink);
    }
  }

  void announce(long now, EventSink sink) {
    phase++;
    sink.emit(
        new WorkloadEvent.PhaseStarted(
            now, phase, Label.of(PHASES[kind]), READS[kind], hotLow, hotHigh, hotShare, rate));
  }

  void burst(long now) {
    burstEnds = now + 4_000_000_000L;
  }

  boolean bursting(long now) {
    return now < burstEnds;
  }

  double readsPerSecond() {
    return rate * READS[kind];
  }

  double writesPerSecond() {
    return rate * (1 - READS[kind]) * (burstEnds > 0 && burstLive ? 3 : 1);
  }

  private boolean burstLive;

  void tick(long now) {
    burstLive = bursting(now);
  }

  double shareOf(double low, double high) {
    double hot = Math.max(0, Math.min(high, hotHigh) - Math.max(low, hotLow));
    // Not all of the hot range is equally hot: its middle is hotter, like a bell.
    double middle = (hotLow + hotHigh) / 2;
    double distance = Math.abs((low + high) / 2 - middle) / (hotHigh - hotLow);
    double bell = 0.55 + 0.9 * Math.exp(-distance * distance * 10);
    double cold = high - low - hot;
    return hotShare * hot / (hotHigh - hotLow) * bell
        + (1 - hotShare) * cold / (1 - (hotHigh - hotLow));
  }

  double peakDensity() {
    return hotShare / (hotHigh - hotLow) * 1.45;
  }
}
