package dev.atll.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.atll.observe.Counter;
import dev.atll.observe.EventSink;
import dev.atll.observe.Gauge;
import dev.atll.observe.Histogram;
import dev.atll.observe.Meter;
import dev.atll.observe.MetricName;
import dev.atll.observe.Metrics;
import dev.atll.observe.event.EngineEvent;
import dev.atll.observe.event.VizEvent;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Whatever sinks and meters throw is counted, and goes no further. */
class ReportsTest {
  private static final List<Throwable> KINDS =
      List.of(
          new IllegalStateException("foreign"),
          new Exception("foreign"),
          new NoClassDefFoundError("foreign"),
          new OutOfMemoryError("foreign"),
          new StackOverflowError("foreign"));

  private final AtomicLong counted = new AtomicLong();
  private Throwable thrown = KINDS.getFirst();
  private boolean broken = true;

  private void fail() {
    if (broken) {
      ReportsTest.<RuntimeException>sneak(thrown);
    }
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <E extends Throwable> void sneak(Throwable failure) throws E {
    throw (E) failure;
  }

  @Test
  void whatASinkThrowsIsCounted() {
    Reports reports =
        Reports.of(
            new EventSink() {
              @Override
              public boolean enabled() {
                fail();
                return true;
              }

              @Override
              public boolean wantsDetail() {
                fail();
                return true;
              }

              @Override
              public long dropped() {
                fail();
                return 7;
              }

              @Override
              public void emit(VizEvent event) {
                fail();
                counted.incrementAndGet();
              }
            });
    assertSame(reports, Reports.of(reports));
    for (Throwable kind : KINDS) {
      thrown = kind;
      long before = reports.failed();
      assertFalse(reports.enabled());
      assertFalse(reports.wantsDetail());
      reports.emit(new EngineEvent.FreeSpaceKnown(1, true));
      reports.run(this::fail);
      assertEquals(before + 4, reports.failed());
      assertEquals(before + 5, reports.dropped());
    }
    broken = false;
    reports.emit(new EngineEvent.FreeSpaceKnown(1, true));
    assertEquals(1, counted.get());
    assertEquals(reports.failed() + 7, reports.dropped());
  }

  @Test
  void aMeterThatThrowsIsAskedAgainWhenItIsUsed() {
    Meter below =
        new Meter() {
          @Override
          public Counter counter(MetricName name, String... labelValues) {
            fail();
            return counted::addAndGet;
          }

          @Override
          public Gauge gauge(MetricName name, String... labelValues) {
            fail();
            return value -> counted.addAndGet((long) value);
          }

          @Override
          public Histogram histogram(MetricName name, String... labelValues) {
            fail();
            return value -> {
              fail();
              counted.addAndGet(value);
            };
          }
        };
    Reports reports = Reports.of(EventSink.none());
    assertSame(Meter.none(), reports.guarded(Meter.none()));
    Meter meter = reports.guarded(below);
    for (Throwable kind : KINDS) {
      thrown = kind;
      broken = true;
      long before = reports.failed();
      Counter counter = meter.counter(Metrics.WAL_SEGMENTS_DELETED);
      Gauge gauge = meter.gauge(Metrics.REGRET_RATIO);
      Histogram histogram = meter.histogram(Metrics.FLUSH);
      counter.add(1);
      gauge.set(1);
      histogram.record(1);
      assertEquals(before + 6, reports.failed());
      broken = false;
      counted.set(0);
      counter.add(1);
      gauge.set(2);
      histogram.record(4);
      assertEquals(7, counted.get(), "found by now");
      broken = true;
      histogram.record(8);
      assertEquals(before + 7, reports.failed());
      assertEquals(7, counted.get());
    }
  }
}
