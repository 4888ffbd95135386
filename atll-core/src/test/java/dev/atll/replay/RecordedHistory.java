package dev.atll.replay;

import dev.atll.Atll;
import dev.atll.api.AtllDb;
import dev.atll.api.Cursor;
import dev.atll.api.KeyRange;
import dev.atll.api.Options;
import dev.atll.api.StorageFullException;
import dev.atll.env.sim.SimEnv;
import dev.atll.observe.EventSink;
import dev.atll.observe.Meter;
import dev.atll.observe.Observer;
import dev.atll.observe.StampedEvent;
import dev.atll.observe.event.Label;
import dev.atll.observe.event.VizEvent;
import dev.atll.observe.json.EventCodec;
import dev.atll.observe.json.TraceFormatException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** An engine in a simulated world under a load with a moving hot range, and all that it said. */
final class RecordedHistory {
  private static final int KEYS = 4_000;
  private static final int TIGHT_EVERY = 150;

  private RecordedHistory() {}

  /** Small in everything, so that a few thousand writes fill three levels. */
  static Options.Builder options() {
    return Options.builder()
        .memtableBytes(16 << 10)
        .slotBytes(8 << 10)
        .partitionBytes(1024)
        .blockBytes(256)
        .fanout(3)
        .levelCount(3)
        .spaceReserveBytes(0)
        .blockCacheBytes(64 << 10)
        .compactionJobs(2)
        .compactionSliceBytes(4 << 10)
        .readSamplePeriod(2)
        .heatHalfLifeOps(2_000)
        .deleteDeadline(Duration.ofHours(1))
        .burdenThreshold(0.5);
  }

  /** Runs a history; the events have been text in between. */
  static List<VizEvent> run(long seed, Options options, int operations) {
    return run(seed, options, operations, Long.MAX_VALUE);
  }

  /** Runs a history of which every second part has a disk so full that some compactions must wait. */
  static List<VizEvent> run(long seed, Options options, int operations, long tightBytes) {
    List<VizEvent> events = new ArrayList<>();
    EventSink sink = new TextSink(events);
    SimEnv env = new SimEnv(seed);
    SplittableRandom random = new SplittableRandom(seed);
    try (AtllDb db =
        Atll.open(Path.of("/db"), options, new Observer(Meter.none(), sink), env)) {
      for (int i = 0; i < operations; i++) {
        if (i % TIGHT_EVERY == 0 && tightBytes < Long.MAX_VALUE) {
          boolean tight = i / TIGHT_EVERY % 2 == 1;
          env.files().setCapacity(tight ? env.files().usedBytes() + tightBytes : Long.MAX_VALUE);
        }
        try {
          operate(db, random, i);
        } catch (StorageFullException e) {
          // Writes wait for a better part of the history.
        }
        if (i % 16 == 0) {
          env.workers().advance(random.nextInt(40_000_000));
        }
      }
      env.files().setCapacity(Long.MAX_VALUE);
      db.settle(Duration.ofMinutes(10));
    }
    return events;
  }

  private static void operate(AtllDb db, SplittableRandom random, int i) {
    int hot = (i / 2_000) * 700 % KEYS;
    int kind = random.nextInt(10);
    byte[] written = key(random.nextInt(KEYS));
    byte[] read = key((hot + random.nextInt(400)) % KEYS);
    if (kind < 4) {
      db.put(written, new byte[20 + random.nextInt(60)]);
    } else if (kind == 4) {
      db.delete(written);
    } else if (kind < 9) {
      db.get(random.nextInt(4) == 0 ? key(random.nextInt(2 * KEYS)) : read);
    } else {
      try (Cursor cursor = db.cursor(KeyRange.from(read))) {
        for (int n = 0; n < 5 && cursor.next(); n++) {
          cursor.keyBytes();
        }
      }
    }
  }

  private static byte[] key(int number) {
    return "user%08d".formatted(number * 2_654_435L % 100_000_000L)
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** Keeps events as a trace file would give them back. */
  private static final class TextSink implements EventSink {
    private final EventCodec codec = new EventCodec();
    private final List<VizEvent> events;

    TextSink(List<VizEvent> events) {
      this.events = events;
    }

    @Override
    public boolean enabled() {
      return true;
    }

    @Override
    public boolean wantsDetail() {
      return true;
    }

    @Override
    public synchronized void emit(VizEvent event) {
      try {
        String line = codec.encode(new StampedEvent(Label.of("engine"), 1, event));
        events.add(codec.decode(line).event());
      } catch (TraceFormatException e) {
        throw new AssertionError("not readable: " + event, e);
      }
    }
  }
}
