package dev.atll.bench.experiment;

import dev.atll.bench.report.Failures;
import dev.atll.bench.store.Store;
import dev.atll.bench.store.Stores;
import dev.atll.observe.EventBus;
import dev.atll.observe.Meter;
import dev.atll.observe.Observer;
import dev.atll.observe.Subscription;
import dev.atll.observe.event.Label;
import dev.atll.observe.json.NdjsonRecorder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Opens stores of ours so that all they say, what their policies saw included, is recorded: each in a
 * folder named as the store's own. Not thread-safe.
 */
public final class RecordingOpener implements StoreOpener {
  private static final int EVENTS_WAITING = 1 << 16;
  private static final long PART_BYTES = 64L << 20;
  private static final long BYTES_MAX = 4L << 30;

  private final Path root;
  private boolean failed;
  private final List<String> notes = new ArrayList<>();

  /** Records below a folder, made if there is none. */
  public RecordingOpener(Path root) {
    this.root = root;
  }

  /** Whether a recording ended before its run did. */
  public boolean failed() {
    return failed;
  }

  /** A line for each recording that has ended: where it is, and what is in it. */
  public List<String> notes() {
    return List.copyOf(notes);
  }

  @Override
  public Store open(String engine, Path directory, Map<String, String> settings) {
    if (!engine.equals("atll")) {
      throw new IllegalArgumentException("engine " + engine + " has nothing to record; atll has");
    }
    Path folder = root.resolve(String.valueOf(directory.getFileName()));
    try {
      NdjsonRecorder recorder = new NdjsonRecorder(folder, PART_BYTES, BYTES_MAX, true);
      EventBus bus = new EventBus(EVENTS_WAITING);
      Subscription subscription = bus.subscribe(EVENTS_WAITING, recorder);
      bus.start();
      Observer observer = new Observer(Meter.none(), bus.source(Label.of("engine")));
      return Stores.openOwn(
          directory, settings, observer, () -> end(folder, bus, subscription, recorder));
    } catch (IOException e) {
      throw new UncheckedIOException("no recording in " + folder, e);
    }
  }

  private void end(
      Path folder, EventBus bus, Subscription subscription, NdjsonRecorder recorder) {
    bus.close();
    recorder.close();
    notes.add(
        String.format(
            Locale.ROOT,
            "recorded in %s: %,d events, %,d lost",
            folder, recorder.recorded(), bus.dropped() + subscription.dropped() + recorder.lost()));
    IOException failure = recorder.failure();
    if (failure != null) {
      failed = true;
      notes.add(folder + ": the recording ended early: " + Failures.describe(failure));
    }
  }
}
