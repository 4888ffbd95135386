package dev.atll.observe.otel;

import dev.atll.observe.export.ExportSeries;
import dev.atll.observe.HistogramSnapshot;
import dev.atll.observe.export.MeterExport;
import dev.atll.observe.MetricUnit;
import dev.atll.observe.export.NameStyle;
import dev.atll.observe.SafeLog;
import dev.atll.observe.StripedMeter;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableDoubleMeasurement;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;

/**
 * Shows a {@link StripedMeter} to OpenTelemetry as asynchronous instruments, which are read when
 * the SDK collects.
 *
 * <p>Distributions become {@code .count}, {@code .sum} and {@code .quantile} instruments, in
 * seconds where they are durations. Closing unregisters all. Safe for any number of threads.
 */
public final class OtelMetrics implements AutoCloseable {
  private static final SafeLog LOG = SafeLog.of("dev.atll.observe");
  private static final double[] QUANTILES = {0.5, 0.95, 0.99, 0.999};
  private static final double NANOS_TO_SECONDS = 1e-9;

  private final Meter otel;
  private final Attributes common;
  private final StripedMeter.Watch watch;
  // The list is complete once an instrument exists; both change under the striped meter's lock.
  private final Map<String, List<ExportSeries>> byName = new HashMap<>();
  private final List<AutoCloseable> instruments = new ArrayList<>();

  /**
   * Shows a meter.
   *
   * @param openTelemetry where instruments are made
   * @param meter what is shown
   * @param common attributes added to every series; few values only
   */
  public OtelMetrics(OpenTelemetry openTelemetry, StripedMeter meter, Attributes common) {
    this.otel = openTelemetry.getMeter(OtelScope.NAME);
    this.common = common;
    this.watch = MeterExport.watch(meter, NameStyle.CONVENTIONAL, this::add);
  }

  /** Unregisters every instrument. */
  @Override
  public void close() {
    watch.close();
    for (AutoCloseable instrument : instruments) {
      try {
        instrument.close();
      } catch (Throwable e) {
        // The API's instruments declare none; a foreign SDK's failure must not stop the others.
        LOG.log(Level.WARNING, () -> "an instrument did not close", e);
      }
    }
    instruments.clear();
  }

  private void add(ExportSeries series) {
    List<ExportSeries> known = byName.get(series.name());
    if (known != null) {
      known.add(series);
      return;
    }
    List<ExportSeries> all = new CopyOnWriteArrayList<>(List.of(series));
    byName.put(series.name(), all);
    String unit = unit(series.metric().unit());
    switch (series) {
      case ExportSeries.Sum first ->
          counter(first, "", unit, all, (out, it) -> out.record(read(it), attributes(it)));
      case ExportSeries.Level first ->
          gauge(
              first,
              "",
              unit,
              all,
              (out, it) -> {
                double value = read(it);
                if (!Double.isNaN(value)) {
                  out.record(value, attributes(it));
                }
              });
      case ExportSeries.Distribution first -> {
        double scale = first.metric().unit() == MetricUnit.NANOS ? NANOS_TO_SECONDS : 1;
        counter(
            first,
            ".count",
            "{observation}",
            all,
            (out, it) -> out.record((double) whole(it).count(), attributes(it)));
        counter(
            first,
            ".sum",
            unit,
            all,
            (out, it) -> out.record(whole(it).sum() * scale, attributes(it)));
        gauge(first, ".quantile", unit, all, (out, it) -> quantiles(out, it, scale));
      }
    }
  }

  private void counter(
      ExportSeries series,
      String suffix,
      String unit,
      List<ExportSeries> all,
      BiConsumer<ObservableDoubleMeasurement, ExportSeries> record) {
    instruments.add(
        otel.counterBuilder(series.name() + suffix)
            .ofDoubles()
            .setUnit(unit)
            .setDescription(series.metric().description())
            .buildWithCallback(out -> all.forEach(it -> record.accept(out, it))));
  }

  private void gauge(
      ExportSeries series,
      String suffix,
      String unit,
      List<ExportSeries> all,
      BiConsumer<ObservableDoubleMeasurement, ExportSeries> record) {
    instruments.add(
        otel.gaugeBuilder(series.name() + suffix)
            .setUnit(unit)
            .setDescription(series.metric().description())
            .buildWithCallback(out -> all.forEach(it -> record.accept(out, it))));
  }

  private void quantiles(ObservableDoubleMeasurement out, ExportSeries series, double scale) {
    if (series instanceof ExportSeries.Distribution distribution) {
      HistogramSnapshot recent = distribution.recent().snapshot();
      for (double quantile : QUANTILES) {
        Attributes with =
            attributes(series).toBuilder()
                .put(AttributeKey.doubleKey("quantile"), quantile)
                .build();
        out.record(recent.quantile(quantile) * scale, with);
      }
    }
  }

  private static double read(ExportSeries series) {
    return switch (series) {
      case ExportSeries.Sum sum -> sum.value().getAsDouble();
      case ExportSeries.Level level -> level.value().getAsDouble();
      case ExportSeries.Distribution distribution -> whole(distribution).mean();
    };
  }

  private static HistogramSnapshot whole(ExportSeries series) {
    return ((ExportSeries.Distribution) series).histogram().snapshot();
  }

  private Attributes attributes(ExportSeries series) {
    AttributesBuilder builder = common.toBuilder();
    series.labels().forEach(builder::put);
    return builder.build();
  }

  private static String unit(MetricUnit unit) {
    return switch (unit) {
      case BYTES -> "By";
      case NANOS -> "s";
      case COUNT, RATIO -> "1";
    };
  }
}
