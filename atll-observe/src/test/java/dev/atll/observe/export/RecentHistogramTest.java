package dev.atll.observe.export;

import dev.atll.observe.Metrics;
import dev.atll.observe.StripedHistogram;
import dev.atll.observe.StripedMeter;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RecentHistogramTest {
  @Test
  void forgetsWhatIsTwoWindowsOld() {
    AtomicLong clock = new AtomicLong();
    StripedHistogram histogram = (StripedHistogram) new StripedMeter().histogram(Metrics.FLUSH);
    RecentHistogram recent = new RecentHistogram(histogram, 100, clock::get);
    histogram.record(7);
    assertEquals(1, recent.snapshot().count());
    clock.set(100);
    assertEquals(
        1, recent.snapshot().count(), "one window old: still recent, and the window turns");
    histogram.record(50);
    histogram.record(60);
    clock.set(200);
    assertEquals(3, recent.snapshot().count(), "read from before the turn");
    assertEquals(2, recent.snapshot().count(), "the first has been forgotten");
    assertEquals(60, recent.snapshot().max());
    clock.set(300);
    recent.snapshot();
    assertEquals(0, recent.snapshot().count());
    assertEquals(3, histogram.snapshot().count(), "the whole is untouched");
  }
}
