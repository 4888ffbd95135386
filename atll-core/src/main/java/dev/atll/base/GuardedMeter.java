package dev.atll.base;

import dev.atll.observe.Counter;
import dev.atll.observe.Gauge;
import dev.atll.observe.Histogram;
import dev.atll.observe.Meter;
import dev.atll.observe.MetricName;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A meter of the application made harmless. What it throws when it is asked for an instrument, or when
 * one is used, is handed to the reports and goes no further; an instrument that could not be had is
 * asked for again when it is next used. Thread-safe if the meter is.
 */
final class GuardedMeter implements Meter {
  private final Meter meter;
  private final Consumer<Throwable> lost;

  GuardedMeter(Meter meter, Consumer<Throwable> lost) {
    this.meter = meter;
    this.lost = lost;
  }

  /** One instrument; looked for by two threads at once it is found twice, and is the same one. */
  private abstract class Guarded<T> {
    private final Supplier<T> lookup;
    private volatile @Nullable T found;

    Guarded(Supplier<T> lookup) {
      this.lookup = lookup;
    }

    /** At once, so that an exporter shows it before it has counted anything. */
    final void find() {
      try {
        found = lookup.get();
      } catch (Throwable e) {
        lost.accept(e);
      }
    }

    /** The instrument; throws what the lookup throws. */
    final T get() {
      T known = found;
      if (known == null) {
        known = lookup.get();
        found = known;
      }
      return known;
    }
  }

  private final class GuardedCounter extends Guarded<Counter> implements Counter {
    GuardedCounter(Supplier<Counter> lookup) {
      super(lookup);
    }

    @Override
    public void add(long amount) {
      try {
        get().add(amount);
      } catch (Throwable e) {
        lost.accept(e);
      }
    }
  }

  private final class GuardedGauge extends Guarded<Gauge> implements Gauge {
    GuardedGauge(Supplier<Gauge> lookup) {
      super(lookup);
    }

    @Override
    public void set(double value) {
      try {
        get().set(value);
      } catch (Throwable e) {
        lost.accept(e);
      }
    }
  }

  private final class GuardedHistogram extends Guarded<Histogram> implements Histogram {
    GuardedHistogram(Supplier<Histogram> lookup) {
      super(lookup);
    }

    @Override
    public void record(long value) {
      try {
        get().record(value);
      } catch (Throwable e) {
        lost.accept(e);
      }
    }
  }

  @Override
  public Counter counter(MetricName name, String... labelValues) {
    GuardedCounter made = new GuardedCounter(() -> meter.counter(name, labelValues));
    made.find();
    return made;
  }

  @Override
  public Gauge gauge(MetricName name, String... labelValues) {
    GuardedGauge made = new GuardedGauge(() -> meter.gauge(name, labelValues));
    made.find();
    return made;
  }

  @Override
  public Histogram histogram(MetricName name, String... labelValues) {
    GuardedHistogram made = new GuardedHistogram(() -> meter.histogram(name, labelValues));
    made.find();
    return made;
  }
}
