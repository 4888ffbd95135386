package dev.atll.viz.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.atll.observe.event.VizEvent;
import dev.atll.viz.model.Json;
import dev.atll.viz.synthetic.CollectingSink;
import dev.atll.viz.synthetic.SyntheticEngine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames depend on the events alone, and the past is kept within bounds. */
final class FrameFeedTest {
  private static List<VizEvent> history(long seed, int steps) {
    CollectingSink sink = new CollectingSink();
    SyntheticEngine engine = new SyntheticEngine(sink, seed, 3, 8, 3);
    List<VizEvent> events = new ArrayList<>();
    engine.open(1_000);
    for (int i = 0; i < steps; i++) {
      engine.step(20_000_000);
      sink.drain(events::add);
    }
    return events;
  }

  /** All frames in the archive: the key pictures under their segment, the deltas under their id. */
  private static List<String> archived(FrameFeed feed) throws IOException {
    Map<String, Object> index = JSON.std.mapFrom(feed.pastJson());
    List<String> frames = new ArrayList<>();
    for (Object each : (List<?>) index.get("segments")) {
      long number = ((Number) ((List<?>) each).getFirst()).longValue();
      for (Object frame : JSON.std.listFrom(feed.pastSegment(number))) {
        frames.add(JSON.std.asString(frame));
      }
    }
    return frames;
  }

  /** However the ticks of the live run fell, a recording of it shows the same frames. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void aRecordingShowsTheSameFrames(long seed) throws IOException {
    List<VizEvent> events = history(seed, 1_500);
    // A clock that stands: on a busy machine frames would be cut by it, and events come late.
    FrameFeed live = new FrameFeed("live", false, () -> 0);
    SplittableRandom random = new SplittableRandom(seed);
    for (VizEvent event : events) {
      live.sink().emit(event);
      if (random.nextInt(20) == 0) {
        live.tick();
      }
    }
    live.tick();
    FrameFeed replay = new FrameFeed("replay", true);
    events.forEach(replay::load);
    List<String> wanted = archived(live);
    List<String> found = archived(replay);
    assertEquals(0, live.eventsLate(), "seed " + seed);
    for (int i = 0; i < wanted.size(); i++) {
      assertEquals(wanted.get(i), found.get(i), "seed " + seed + ", frame " + i);
    }
    assertEquals(wanted.size(), found.size(), "seed " + seed);
    assertTrue(wanted.size() > 200, wanted.size() + " frames, seed " + seed);
  }

  @Test
  void anEventAfterItsFrameIsCounted() throws InterruptedException {
    FrameFeed feed = new FrameFeed("live", false);
    List<VizEvent> events = history(1, 30);
    feed.sink().emit(events.getFirst());
    feed.tick();
    Thread.sleep(250);
    feed.tick();
    assertEquals(0, feed.eventsLate());
    feed.sink().emit(events.getFirst());
    feed.tick();
    assertEquals(1, feed.eventsLate());
  }

  /** A feed that is not served takes what it has room for, counts the rest, and holds up nobody. */
  @Test
  void aFullQueueDropsAndCounts() throws IOException {
    FrameFeed feed = new FrameFeed("live", false);
    VizEvent event = history(1, 30).getFirst();
    int emitted = 100_000;
    for (int i = 0; i < emitted; i++) {
      feed.sink().emit(event);
    }
    long dropped = feed.eventsDropped();
    assertTrue(dropped > emitted / 2, dropped + " dropped");
    feed.tick();
    assertEquals(
        dropped, ((Number) JSON.std.mapFrom(feed.fullJson()).get("dropped")).longValue(), "told");
  }

  @Test
  void anHourIsKeptWithinItsBytes() throws IOException {
    FrameArchive archive = new FrameArchive(3_600_000, 200_000);
    String noise = noise(2_000);
    for (int i = 0; i < 5 * 3_600; i++) {
      archive.add(new Frame(i, "{\"delta\":" + i + "}"), i * 1_000L, () -> "{\"key\":0}");
    }
    assertEquals(5 * 3_600_000 - 3_600_000, archive.fromMillis(), 21_000);
    for (int i = 5 * 3_600; i < 6 * 3_600; i++) {
      archive.add(new Frame(i, "\"" + i + noise + "\""), i * 1_000L, () -> "{\"key\":0}");
      assertTrue(archive.bytes() <= 200_000, archive.bytes() + " bytes");
    }
    Json json = new Json().object();
    archive.writeIndex(json);
    List<?> segments = (List<?>) JSON.std.mapFrom(json.endObject().toString()).get("segments");
    assertEquals(false, ((List<?>) segments.getFirst()).get(3), "the oldest lost their deltas");
    assertEquals(true, ((List<?>) segments.getLast()).get(3));
    long oldest = ((Number) ((List<?>) segments.getFirst()).getFirst()).longValue();
    assertEquals("[{\"key\":0}]", archive.segment(oldest));
    assertEquals(null, archive.segment(1));
  }

  // Text that does not compress well.
  private static String noise(int length) {
    SplittableRandom random = new SplittableRandom(1);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append((char) ('a' + random.nextInt(26)));
    }
    return text.toString();
  }
}
