package dev.atll.observe.micrometer;

import dev.atll.observe.export.ExportSeries;
import dev.atll.observe.export.MeterExport;
import dev.atll.observe.MetricUnit;
import dev.atll.observe.export.NameStyle;
import dev.atll.observe.StripedMeter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Statistic;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Shows a {@link StripedMeter} to Micrometer registries.
 *
 * <p>Counting stays where it is; a registry reads the sums when it is asked. Durations become
 * function timers with {@code .quantile} and {@code .max} gauges over the last minute or two; byte
 * metrics carry the base unit {@code bytes}. Series that appear later are registered as they
 * appear. Closing removes from every registry what was registered there. Safe for any number of
 * threads.
 */
public final class AtllMetrics implements MeterBinder, AutoCloseable {
  private static final double[] QUANTILES = {0.5, 0.95, 0.99, 0.999};

  private final StripedMeter meter;
  private final NameStyle style;
  private final Tags tags;
  private final Object lock = new Object();
  // Both guarded by lock; a watch holds its own list, which the meter's lock guards.
  private final List<Binding> bindings = new ArrayList<>();
  private boolean closed;

  private record Binding(MeterRegistry registry, StripedMeter.Watch watch, List<Meter> meters) {}

  /**
   * Shows a meter under our own names.
   *
   * @param meter what is shown
   * @param tags added to every series, such as {@code db}; few values only
   */
  public AtllMetrics(StripedMeter meter, Iterable<Tag> tags) {
    this(meter, NameStyle.CONVENTIONAL, tags);
  }

  /**
   * Shows a meter.
   *
   * @param meter what is shown
   * @param style which names are used
   * @param tags added to every series, such as {@code db}; few values only
   */
  public AtllMetrics(StripedMeter meter, NameStyle style, Iterable<Tag> tags) {
    this.meter = meter;
    this.style = style;
    this.tags = Tags.of(tags);
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    synchronized (lock) {
      if (closed) {
        throw new IllegalStateException("closed");
      }
      List<Meter> meters = new ArrayList<>();
      Consumer<ExportSeries> register = series -> register(registry, series, meters);
      bindings.add(new Binding(registry, MeterExport.watch(meter, style, register), meters));
    }
  }

  /** Removes everything that was registered, from every registry. */
  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
      for (Binding binding : bindings) {
        binding.watch.close();
        binding.meters.forEach(binding.registry::remove);
      }
      bindings.clear();
    }
  }

  private void register(MeterRegistry registry, ExportSeries series, List<Meter> meters) {
    Tags all = tags;
    for (var label : series.labels().entrySet()) {
      all = all.and(label.getKey(), label.getValue());
    }
    switch (series) {
      case ExportSeries.Sum sum ->
          meters.add(
              // The registry holds the state object weakly and the function strongly: the meter as
              // state keeps counting for as long as anybody counts.
              FunctionCounter.builder(sum.name(), meter, _ -> sum.value().getAsDouble())
                  .tags(all)
                  .description(sum.metric().description())
                  .baseUnit(baseUnit(sum.metric().unit()))
                  .register(registry));
      case ExportSeries.Level level ->
          meters.add(
              Gauge.builder(level.name(), level, it -> it.value().getAsDouble())
                  .tags(all)
                  .description(level.metric().description())
                  .baseUnit(baseUnit(level.metric().unit()))
                  .strongReference(true)
                  .register(registry));
      case ExportSeries.Distribution distribution -> {
        if (distribution.metric().unit() == MetricUnit.NANOS && distribution.scale() == 1) {
          registerTimer(registry, distribution, all, meters);
        } else {
          meters.add(summary(registry, distribution, all));
        }
      }
    }
  }

  private void registerTimer(
      MeterRegistry registry, ExportSeries.Distribution series, Tags all, List<Meter> meters) {
    String description = series.metric().description();
    meters.add(
        FunctionTimer.builder(
                series.name(),
                meter,
                _ -> series.histogram().snapshot().count(),
                _ -> series.histogram().snapshot().sum(),
                TimeUnit.NANOSECONDS)
            .tags(all)
            .description(description)
            .register(registry));
    for (double quantile : QUANTILES) {
      meters.add(
          TimeGauge.builder(
                  series.name() + ".quantile",
                  series,
                  TimeUnit.NANOSECONDS,
                  it -> it.recent().snapshot().quantile(quantile))
              .tags(all.and("quantile", Double.toString(quantile)))
              .description(description)
              .strongReference(true)
              .register(registry));
    }
    meters.add(
        TimeGauge.builder(
                series.name() + ".max",
                series,
                TimeUnit.NANOSECONDS,
                it -> it.recent().snapshot().max())
            .tags(all)
            .description(description)
            .strongReference(true)
            .register(registry));
  }

  private static Meter summary(MeterRegistry registry, ExportSeries.Distribution series, Tags all) {
    double scale = series.scale();
    return Meter.builder(
            series.name(),
            Meter.Type.DISTRIBUTION_SUMMARY,
            List.of(
                new Measurement(
                    () -> (double) series.histogram().snapshot().count(), Statistic.COUNT),
                new Measurement(() -> series.histogram().snapshot().sum() * scale, Statistic.TOTAL),
                new Measurement(() -> series.recent().snapshot().max() * scale, Statistic.MAX)))
        .tags(all)
        .description(series.metric().description())
        .register(registry);
  }

  private static @Nullable String baseUnit(MetricUnit unit) {
    return switch (unit) {
      case BYTES -> "bytes";
      case NANOS -> "nanoseconds";
      case COUNT, RATIO -> null;
    };
  }
}
