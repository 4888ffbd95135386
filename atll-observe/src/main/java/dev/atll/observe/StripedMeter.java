package dev.atll.observe;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The meter that keeps its numbers in memory, for snapshots and for the adapters.
 *
 * <p>Counting is a single atomic add on a cell that few threads share. The number of series under
 * one name is bounded; further label values get a meter that counts nothing, and are counted
 * themselves by {@link #seriesRefused}.
 */
public final class StripedMeter implements Meter {
  /** Series under one name unless the constructor is told otherwise. */
  public static final int SERIES_MAX_DEFAULT = 1024;

  private final int seriesMax;
  private final Map<SeriesKey, MeterSeries> series = new ConcurrentHashMap<>();
  private final Object lock = new Object();
  // Guarded by lock: how many series each name has, who is told of new ones, and each name's
  // definition, since two kinds under one name would confuse every backend.
  private final Map<String, Integer> seriesPerName = new HashMap<>();
  private final Map<String, MetricName> definitions = new HashMap<>();
  private final List<Consumer<MeterSeries>> watchers = new ArrayList<>();
  private final AtomicLong refused = new AtomicLong();

  /** A meter with the default bound. */
  public StripedMeter() {
    this(SERIES_MAX_DEFAULT);
  }

  /**
   * A meter with a bound of the caller's choice.
   *
   * @param seriesMax the most series under one name, at least 1
   */
  public StripedMeter(int seriesMax) {
    if (seriesMax < 1) {
      throw new IllegalArgumentException("seriesMax " + seriesMax + " < 1");
    }
    this.seriesMax = seriesMax;
  }

  @Override
  public Counter counter(MetricName name, String... labelValues) {
    MetricChecks.check(name, MetricKind.COUNTER, labelValues);
    return find(name, labelValues, StripedCounter::new) instanceof StripedCounter counter
        ? counter
        : NoMeter.INSTANCE;
  }

  @Override
  public Gauge gauge(MetricName name, String... labelValues) {
    MetricChecks.check(name, MetricKind.GAUGE, labelValues);
    return find(name, labelValues, StripedGauge::new) instanceof StripedGauge gauge
        ? gauge
        : NoMeter.INSTANCE;
  }

  @Override
  public Histogram histogram(MetricName name, String... labelValues) {
    MetricChecks.check(name, MetricKind.HISTOGRAM, labelValues);
    return find(name, labelValues, StripedHistogram::new) instanceof StripedHistogram histogram
        ? histogram
        : NoMeter.INSTANCE;
  }

  /**
   * Every series that exists now, by name and label values.
   *
   * @return a new list
   */
  public List<MeterSeries> series() {
    List<MeterSeries> all = new ArrayList<>(series.values());
    all.sort(
        Comparator.comparing((MeterSeries s) -> s.name().name())
            .thenComparing(s -> String.join("\u0000", s.labelValues())));
    return all;
  }

  /**
   * All numbers at about one moment.
   *
   * @return a copy that does not change
   */
  public MeterSnapshot snapshot() {
    return MeterSnapshot.of(series());
  }

  /**
   * How often a series was refused because its name had too many.
   *
   * @return a count that only grows
   */
  public long seriesRefused() {
    return refused.get();
  }

  /**
   * Tells of every series: at once of those that exist, later of each new one, each exactly once.
   *
   * @param watcher called under a lock, so it must be quick and not call back into this meter
   * @return closing it ends the telling
   */
  public Watch watch(Consumer<MeterSeries> watcher) {
    synchronized (lock) {
      series.values().forEach(watcher);
      watchers.add(watcher);
    }
    return () -> {
      synchronized (lock) {
        watchers.remove(watcher);
      }
    };
  }

  /** Ends a {@link #watch} when closed. */
  @FunctionalInterface
  public interface Watch extends AutoCloseable {
    @Override
    void close();
  }

  private @Nullable MeterSeries find(
      MetricName name,
      String[] labelValues,
      BiFunction<MetricName, List<String>, MeterSeries> create) {
    SeriesKey key = new SeriesKey(name.name(), List.of(labelValues));
    MeterSeries known = series.get(key);
    if (known != null && known.name().equals(name)) {
      return known;
    }
    synchronized (lock) {
      MetricName definition = definitions.putIfAbsent(name.name(), name);
      if (definition != null && !definition.equals(name)) {
        throw new IllegalArgumentException(name.name() + " is already defined as " + definition);
      }
      MeterSeries raced = series.get(key);
      if (raced != null) {
        return raced;
      }
      int count = seriesPerName.getOrDefault(name.name(), 0);
      if (count >= seriesMax) {
        refused.incrementAndGet();
        return null;
      }
      MeterSeries fresh = create.apply(name, key.labelValues);
      series.put(key, fresh);
      seriesPerName.put(name.name(), count + 1);
      watchers.forEach(watcher -> watcher.accept(fresh));
      return fresh;
    }
  }

  private record SeriesKey(String name, List<String> labelValues) {}
}
