package dev.atll.viz.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.observe.event.Label;
import dev.atll.observe.event.Longs;
import dev.atll.observe.event.SlotShape;
import dev.atll.observe.event.TreeEvent;
import dev.atll.observe.event.WorkloadEvent;
import dev.atll.viz.synthetic.SyntheticEngine;
import dev.atll.viz.web.SseReader.Message;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What viewers are told, and what they cannot do to the engine. */
@Timeout(60)
final class EventStreamTest {
  private static final long WRITE_MILLIS_MAX = 2_000;
  private static final long STRETCH_NANOS = 50_000_000;

  private DashboardServer server;

  @BeforeEach
  void start() {
    server = DashboardServer.start(DashboardOptions.defaults(), WRITE_MILLIS_MAX);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static WorkloadEvent phase(long stretch, int phase) {
    return at(stretch * STRETCH_NANOS, phase);
  }

  private static WorkloadEvent at(long timeNanos, int phase) {
    return new WorkloadEvent.PhaseStarted(timeNanos, phase, Label.of("hot"), 0.9, 0, 0.1, 0.8, 0);
  }

  // Every slot anew in every frame, so that a stuck viewer's buffers fill soon.
  private static TreeEvent.Shape cutAnew(int stretch) {
    List<SlotShape> slots = new ArrayList<>();
    int count = 1_500 + stretch % 2;
    for (int i = 0; i < count; i++) {
      Longs run = Longs.of(stretch * 10_000L + i);
      slots.add(
          new SlotShape(
              1, i, i / (double) count, (i + 1) / (double) count, run, run, 0.5, 1, 1));
    }
    return new TreeEvent.Shape(stretch * STRETCH_NANOS, stretch, 2, 0, 0, slots);
  }

  private static int phaseOf(Map<String, Object> frame) {
    Map<?, ?> engine = (Map<?, ?>) frame.get("engine");
    Map<?, ?> phase = (Map<?, ?>) engine.get("phase");
    return ((Number) phase.get("number")).intValue();
  }

  private static long idOf(Map<String, Object> frame) {
    return ((Number) frame.get("id")).longValue();
  }

  @Test
  void newViewersGetEverythingFirstAndThenWhatChanges() throws IOException {
    server.sink().emit(phase(1, 1));
    awaitPhase(1);
    try (SseReader reader = new SseReader(server.port())) {
      Map<String, Object> full = reader.frame().json();
      assertEquals("full", full.get("type"));
      assertEquals(1, phaseOf(full));
      server.sink().emit(phase(2, 2));
      Map<String, Object> delta = reader.frame().json();
      assertEquals("delta", delta.get("type"));
      assertEquals(idOf(full) + 1, idOf(delta));
      assertEquals(2, phaseOf(delta));
      assertEquals(null, delta.get("health"), "what did not change is not told again");
    }
  }

  @Test
  void compressedStreamsSayTheSameAtOnce() throws IOException {
    try (SseReader reader = new SseReader(server.port(), "/events", "Accept-Encoding: gzip, br")) {
      assertEquals("full", reader.frame().json().get("type"));
      long begin = System.nanoTime();
      server.sink().emit(phase(2, 7));
      assertEquals(7, phaseOf(reader.frame().json()));
      assertTrue(System.nanoTime() - begin < 2_000_000_000L, "not held back by the compressor");
    }
  }

  @Test
  void framesAreAtMostTwentyASecondHoweverManyEventsCome() throws Exception {
    try (SseReader reader = new SseReader(server.port())) {
      reader.frame();
      long begin = System.nanoTime();
      AtomicBoolean ended = new AtomicBoolean();
      Thread emitter =
          Thread.ofVirtual()
              .start(
                  () -> {
                    for (int i = 1; System.nanoTime() - begin < 1_500_000_000L; i++) {
                      server.sink().emit(at(System.nanoTime(), i));
                      Thread.yield();
                    }
                    // Again and again: the queue may be full, and then drops an event, the last as any.
                    while (!ended.get()) {
                      server.sink().emit(at(System.nanoTime(), -1));
                      LockSupport.parkNanos(100_000_000);
                    }
                  });
      int frames = 0;
      int last = 0;
      while (last != -1) {
        last = phaseOf(reader.frame().json());
        frames++;
      }
      double seconds = (System.nanoTime() - begin) / 1e9;
      ended.set(true);
      emitter.join();
      assertTrue(frames <= seconds * 20 + 2, frames + " frames in " + seconds + " s");
      assertTrue(frames >= 3, "only " + frames + " frames in " + seconds + " s");
    }
  }

  @Test
  void returningViewersGetExactlyWhatTheyMissed() throws IOException {
    String lastId;
    long id;
    try (SseReader reader = new SseReader(server.port())) {
      reader.frame();
      server.sink().emit(phase(1, 1));
      Message message = reader.frame();
      lastId = message.id();
      id = idOf(message.json());
    }
    server.sink().emit(phase(2, 2));
    awaitPhase(2);
    server.sink().emit(phase(3, 3));
    awaitPhase(3);
    for (String header : List.of("Last-Event-ID: " + lastId, "X-None: 1")) {
      String path = header.startsWith("Last") ? "/events" : "/events?last=" + lastId;
      try (SseReader reader = new SseReader(server.port(), path, header)) {
        Map<String, Object> next = reader.frame().json();
        assertEquals("delta", next.get("type"));
        assertEquals(id + 1, idOf(next));
        assertEquals(3, phaseOf(reader.frame().json()));
      }
    }
  }

  @Test
  void strangersToTheEpochGetEverything() throws IOException {
    server.sink().emit(phase(1, 1));
    awaitPhase(1);
    for (String id : List.of("abc-1", "x", "-", "abc-99999999999999999999", "%00")) {
      try (SseReader reader = new SseReader(server.port(), "/events", "Last-Event-ID: " + id)) {
        assertEquals("full", reader.frame().json().get("type"), id);
      }
    }
  }

  @Test
  void viewersThatStopReadingAreDroppedAndHoldUpNobody() throws Exception {
    try (Socket stuck = new Socket();
        SseReader reader = new SseReader(server.port())) {
      stuck.setReceiveBufferSize(1024);
      stuck.connect(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), server.port()));
      stuck
          .getOutputStream()
          .write(
              RawHttp.request("GET", server.port(), "/events", "")
                  .getBytes(StandardCharsets.UTF_8));
      awaitViewers(2);
      long worstNanos = 0;
      int frames = 0;
      long begin = System.nanoTime();
      while (server.viewers() > 1 && System.nanoTime() - begin < 20_000_000_000L) {
        frames++;
        long before = System.nanoTime();
        server.sink().emit(cutAnew(frames));
        worstNanos = Math.max(worstNanos, System.nanoTime() - before);
        reader.frame();
      }
      assertEquals(1, server.viewers(), "the stuck viewer is gone, the other one stays");
      assertTrue(frames > 10, "the other viewer saw " + frames + " frames meanwhile");
      assertTrue(worstNanos < 1_500_000_000L, "the emitter waited " + worstNanos + " ns");
      assertEquals(0, server.eventsDropped());
    }
  }

  @Test
  void tooManyViewersAreTurnedAway() throws IOException {
    List<SseReader> readers = new ArrayList<>();
    try {
      for (int i = 0; i < dev.atll.viz.feed.FrameFeed.VIEWERS_MAX; i++) {
        readers.add(new SseReader(server.port()));
      }
      assertEquals(503, RawHttp.get(server.port(), "/events").status());
    } finally {
      for (SseReader reader : readers) {
        reader.close();
      }
    }
  }

  @Test
  void closingEndsStreamsAndFreesThePort() throws Exception {
    int port = server.port();
    try (SseReader reader = new SseReader(port)) {
      reader.frame();
      server.close();
      assertThrows(
          IOException.class,
          () -> {
            for (int i = 0; i < 100; i++) {
              reader.next();
            }
          });
    }
    server.close();
    assertEquals(false, server.sink().enabled());
    server.sink().emit(phase(1, 1));
    try (ServerSocket again = new ServerSocket()) {
      again.setReuseAddress(true);
      again.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port));
      assertEquals(port, again.getLocalPort());
    }
  }

  @Test
  void aSlotTellsItsPast() throws IOException {
    SyntheticEngine engine = new SyntheticEngine(server.sink(), 1, 2, 4, 2);
    engine.open(0);
    for (int i = 0; i < 200; i++) {
      engine.step(20_000_000);
    }
    long end = System.nanoTime() + 5_000_000_000L;
    String body = "";
    while (!body.contains("\"heat\":[0") && System.nanoTime() < end) {
      body = RawHttp.get(server.port(), "/slot?level=1&slot=1").body();
    }
    Map<String, Object> slot = com.fasterxml.jackson.jr.ob.JSON.std.mapFrom(body);
    assertTrue(((List<?>) slot.get("heat")).size() >= 3, body);
    assertEquals(404, RawHttp.get(server.port(), "/slot?level=9&slot=1").status());
    assertEquals(400, RawHttp.get(server.port(), "/slot?level=x").status());
    assertNotEquals(500, RawHttp.get(server.port(), "/slot").status());
  }

  private void awaitPhase(int phase) throws IOException {
    long end = System.nanoTime() + 5_000_000_000L;
    while (System.nanoTime() < end) {
      String state = RawHttp.get(server.port(), "/state").body();
      if (state.contains("\"phase\":{\"number\":" + phase + ",")) {
        return;
      }
    }
    throw new AssertionError("phase " + phase + " never came");
  }

  private void awaitViewers(int viewers) throws InterruptedException {
    for (int i = 0; server.viewers() != viewers && i < 500; i++) {
      Thread.sleep(10);
    }
    assertEquals(viewers, server.viewers());
  }
}
