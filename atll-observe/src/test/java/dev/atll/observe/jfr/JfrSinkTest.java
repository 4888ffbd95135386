package dev.atll.observe.jfr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.observe.event.ActionKind;
import dev.atll.observe.event.CompactionEvent;
import dev.atll.observe.event.Outcome;
import dev.atll.observe.event.PressureCause;
import dev.atll.observe.event.PressureEvent;
import dev.atll.observe.event.RandomEvents;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import jdk.jfr.Configuration;
import jdk.jfr.EventType;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class JfrSinkTest {
  private final JfrSink sink = new JfrSink();

  @Test
  void recordsWhatARecordingAsksFor() throws InterruptedException {
    List<RecordedEvent> seen = Collections.synchronizedList(new ArrayList<>());
    try (RecordingStream stream = new RecordingStream()) {
      stream.enable("atll.Compaction");
      stream.disable("atll.WriteStall");
      stream.onEvent("atll.Compaction", seen::add);
      stream.onEvent("atll.WriteStall", seen::add);
      stream.setReuse(false);
      stream.startAsync();
      assertTrue(sink.enabled());
      sink.emit(
          new CompactionEvent.Finished(
              1,
              7,
              Outcome.INSTALLED,
              ActionKind.MERGE,
              1,
              3,
              2,
              4096,
              4000,
              10,
              9,
              1,
              0,
              0,
              0,
              77));
      sink.emit(new PressureEvent.StallEnded(2, PressureCause.DEBT, 5, 1));
      stream.stop();
    }
    assertEquals(1, seen.size());
    RecordedEvent event = seen.getFirst();
    assertEquals(7, event.getLong("jobId"));
    assertEquals("INSTALLED", event.getString("outcome"));
    assertEquals("MERGE", event.getString("kind"));
    assertEquals(2, event.getInt("targetLevel"));
    assertEquals(4000, event.getLong("bytesOut"));
    assertEquals(77, event.getDuration("nanos").toNanos());
    assertFalse(sink.enabled(), "nobody records any more");
  }

  @Test
  void everyEventIsTakenRecordedOrNot() throws InterruptedException {
    RandomEvents random = new RandomEvents(5);
    for (int i = 0; i < 1_000; i++) {
      sink.emit(random.next());
    }
    Set<String> names = Collections.synchronizedSet(new TreeSet<>());
    Set<String> expected = new TreeSet<>();
    try (RecordingStream stream = new RecordingStream()) {
      for (Class<? extends jdk.jfr.Event> type : JfrEvents.all()) {
        expected.add(EventType.getEventType(type).getName());
        stream.enable(EventType.getEventType(type).getName());
      }
      stream.onEvent(event -> names.add(event.getEventType().getName()));
      stream.startAsync();
      for (int i = 0; i < 5_000; i++) {
        sink.emit(random.next());
      }
      stream.stop();
    }
    assertEquals(expected, names);
  }

  @Test
  void settingsFileTurnsAllEventsOn() throws IOException, ParseException {
    var resource = JfrSink.class.getResourceAsStream("atll.jfc");
    assertNotNull(resource);
    try (var reader = new InputStreamReader(resource, StandardCharsets.UTF_8)) {
      Configuration settings = Configuration.create(reader);
      Set<String> expected = new TreeSet<>();
      for (Class<? extends jdk.jfr.Event> type : JfrEvents.all()) {
        expected.add(EventType.getEventType(type).getName() + "#enabled");
      }
      assertEquals(expected, new TreeSet<>(settings.getSettings().keySet()));
      assertEquals(Set.of("true"), Set.copyOf(settings.getSettings().values()));
    }
  }
}
