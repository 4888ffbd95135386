package dev.atll.bench.demo;

import dev.atll.Atll;
import dev.atll.api.AtllDb;
import dev.atll.api.Durability;
import dev.atll.api.Options;
import dev.atll.bench.store.AtllStore;
import dev.atll.bench.store.OptionSettings;
import dev.atll.observe.EventBus;
import dev.atll.observe.EventSink;
import dev.atll.observe.export.NameStyle;
import dev.atll.observe.Observer;
import dev.atll.observe.StripedMeter;
import dev.atll.observe.event.Label;
import dev.atll.observe.json.NdjsonRecorder;
import dev.atll.observe.micrometer.AtllMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One store of a demonstration with all that watches it. */
final class DemoStore implements AutoCloseable {
  private static final int SUBSCRIBER_EVENTS = 1 << 13;
  private static final long RECORDING_PART_BYTES = 64L << 20;
  private static final long RECORDING_BYTES_MAX = 1L << 30;

  private final @Nullable NdjsonRecorder recorder;
  private final EventBus bus = new EventBus();
  private final AtllMetrics metrics;
  private final AtllMetrics promised;
  private final AtllStore store;
  private final LastDecision decisions = new LastDecision();

  /**
   * Opens it; nothing is told to anybody before {@link #watch}.
   *
   * @param directory empty
   * @param policy what decides
   * @param settings options of the store by name, over those of the demonstration
   * @param recording where all events are recorded; null for nowhere
   * @param tags of its metrics
   * @throws IOException if a recording cannot be begun
   */
  DemoStore(
      Path directory,
      String policy,
      Map<String, String> settings,
      @Nullable Path recording,
      List<Tag> tags)
      throws IOException {
    recorder =
        recording == null
            ? null
            : new NdjsonRecorder(recording, RECORDING_PART_BYTES, RECORDING_BYTES_MAX, true);
    StripedMeter meter = new StripedMeter();
    metrics = new AtllMetrics(meter, tags);
    promised = new AtllMetrics(meter, NameStyle.PROMISED, tags);
    // Small memtables and slots, so that a small store has a tree worth looking at.
    Options.Builder builder =
        Options.builder()
            .durability(Durability.OS)
            .memtableBytes(2 << 20)
            .slotBytes(1 << 20)
            .fanout(4)
            .walSegmentBytes(8 << 20)
            .policy(policy);
    OptionSettings.apply(builder, settings);
    AtllDb db =
        Atll.open(
            directory, builder.build(), new Observer(meter, bus.source(Label.of("engine"))));
    store = new AtllStore("atll", directory, db);
  }

  /** Begins to tell what happens. */
  void watch(EventSink dashboard, MeterRegistry registry) {
    metrics.bindTo(registry);
    promised.bindTo(registry);
    bus.subscribe(SUBSCRIBER_EVENTS, event -> dashboard.emit(event.event()));
    bus.subscribe(SUBSCRIBER_EVENTS, event -> decisions.emit(event.event()));
    NdjsonRecorder kept = recorder;
    if (kept != null) {
      bus.subscribe(SUBSCRIBER_EVENTS, kept);
    }
    bus.start();
  }

  /** Where the load tells what it does. */
  EventSink loadEvents() {
    return bus.source(Label.of("demo"));
  }

  AtllStore store() {
    return store;
  }

  LastDecision decisions() {
    return decisions;
  }

  EventBus bus() {
    return bus;
  }

  /** The recorder closes last and the bus next, so that even the store's closing is recorded. */
  @Override
  @SuppressWarnings("try") // the resources are here only to be closed in this order
  public void close() {
    try (@Nullable NdjsonRecorder last = recorder;
        EventBus next = bus;
        AtllMetrics shown = metrics;
        AtllMetrics shownAsPromised = promised;
        AtllStore first = store) {
      // Closed in the opposite order.
    }
  }
}
