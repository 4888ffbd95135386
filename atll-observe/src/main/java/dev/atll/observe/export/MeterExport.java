package dev.atll.observe.export;

import dev.atll.observe.MeterSeries;
import dev.atll.observe.PromisedName;
import dev.atll.observe.PromisedNames;
import dev.atll.observe.StripedCounter;
import dev.atll.observe.StripedGauge;
import dev.atll.observe.StripedHistogram;
import dev.atll.observe.StripedMeter;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.DoubleStream;

/**
 * What metrics backends are shown of a {@link StripedMeter}: the same numbers, with few series.
 *
 * <p>A tree has thousands of slots, too many for a metrics system, so gauges labelled by slot are
 * shown as minimum, mean and maximum of each level ({@code stat} takes the place of {@code slot});
 * single slots are the business of events.
 */
public final class MeterExport {
  private static final String MANY = "slot";

  private final NameStyle style;
  private final Consumer<ExportSeries> target;
  private final Map<GroupKey, List<StripedGauge>> groups = new HashMap<>();

  private record GroupKey(String name, Map<String, String> labels) {}

  private MeterExport(NameStyle style, Consumer<ExportSeries> target) {
    this.style = style;
    this.target = target;
  }

  /**
   * Tells of every series to export: at once of those that exist, later of each new one.
   *
   * @param meter what is exported
   * @param style which names are used
   * @param target called under the meter's lock, so it must be quick and not call the meter back
   * @return closing it ends the telling
   */
  public static StripedMeter.Watch watch(
      StripedMeter meter, NameStyle style, Consumer<ExportSeries> target) {
    return meter.watch(new MeterExport(style, target)::add);
  }

  // Under the meter's lock, so groups needs none of its own.
  private void add(MeterSeries series) {
    switch (style) {
      case CONVENTIONAL -> add(series, series.name().name(), labels(series), 1);
      case PROMISED -> {
        for (PromisedName promised : PromisedNames.all()) {
          if (promised.selects(series.name(), series.labelValues())) {
            Map<String, String> labels = labels(series);
            labels.remove(promised.labelKey());
            add(series, promised.name(), labels, promised.scale());
          }
        }
      }
    }
  }

  private void add(MeterSeries series, String name, Map<String, String> labels, double scale) {
    switch (series) {
      case StripedCounter counter ->
          target.accept(
              new ExportSeries.Sum(
                  name,
                  counter.name(),
                  Collections.unmodifiableMap(labels),
                  () -> counter.sum() * scale));
      case StripedGauge gauge -> {
        if (labels.remove(MANY) == null) {
          target.accept(
              new ExportSeries.Level(
                  name,
                  gauge.name(),
                  Collections.unmodifiableMap(labels),
                  () -> gauge.value() * scale));
        } else {
          addToGroup(gauge, name, labels, scale);
        }
      }
      case StripedHistogram histogram ->
          target.accept(
              new ExportSeries.Distribution(
                  name,
                  histogram.name(),
                  Collections.unmodifiableMap(labels),
                  histogram,
                  new RecentHistogram(histogram),
                  scale));
    }
  }

  private void addToGroup(
      StripedGauge gauge, String name, Map<String, String> labels, double scale) {
    GroupKey key = new GroupKey(name, labels);
    List<StripedGauge> known = groups.get(key);
    if (known != null) {
      known.add(gauge);
      return;
    }
    List<StripedGauge> members = new CopyOnWriteArrayList<>(List.of(gauge));
    groups.put(key, members);
    for (String stat : List.of("min", "mean", "max")) {
      Map<String, String> withStat = new LinkedHashMap<>(labels);
      withStat.put("stat", stat);
      target.accept(
          new ExportSeries.Level(
              name,
              gauge.name(),
              Collections.unmodifiableMap(withStat),
              () -> scale * summary(members, stat)));
    }
  }

  private static double summary(List<StripedGauge> members, String stat) {
    // A slot that has gone away is set to NaN and no longer counts.
    DoubleStream values =
        members.stream().mapToDouble(StripedGauge::value).filter(value -> !Double.isNaN(value));
    return switch (stat) {
      case "min" -> values.min().orElse(Double.NaN);
      case "max" -> values.max().orElse(Double.NaN);
      default -> values.average().orElse(Double.NaN);
    };
  }

  private static Map<String, String> labels(MeterSeries series) {
    Map<String, String> labels = new LinkedHashMap<>();
    List<String> keys = series.name().labelKeys();
    for (int i = 0; i < keys.size(); i++) {
      labels.put(keys.get(i), series.labelValues().get(i));
    }
    return labels;
  }
}
