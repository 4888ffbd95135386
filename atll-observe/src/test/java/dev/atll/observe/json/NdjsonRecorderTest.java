package dev.atll.observe.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.observe.EventBus;
import dev.atll.observe.StampedEvent;
import dev.atll.observe.event.CompactionEvent;
import dev.atll.observe.event.Label;
import dev.atll.observe.event.RandomEvents;
import dev.atll.observe.event.VizEvent;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class NdjsonRecorderTest {
  private static final Label ENGINE = Label.of("engine");
  @TempDir Path dir;

  private static StampedEvent numbered(long sequence) {
    return new StampedEvent(
        ENGINE, sequence, new CompactionEvent.Progress(sequence, 1, sequence, 1 << 30));
  }

  private long bytes() {
    try (Stream<Path> files = Files.list(dir)) {
      return files.mapToLong(file -> file.toFile().length()).sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<StampedEvent> readAll(long expectedTruncated) throws IOException {
    List<StampedEvent> events = new ArrayList<>();
    try (NdjsonReader reader = NdjsonReader.open(dir)) {
      assertEquals(reader.forEach(events::add), events.size());
      assertNull(reader.next());
      assertEquals(expectedTruncated, reader.truncatedLines());
      assertEquals(0, reader.unknown());
    }
    return events;
  }

  @Test
  void whatTheBusCarriesIsReadBack() throws IOException {
    RandomEvents random = new RandomEvents(11);
    List<VizEvent> sent = new ArrayList<>();
    NdjsonRecorder recorder = new NdjsonRecorder(dir, 1 << 20, 1 << 28, true);
    EventBus bus = new EventBus(1 << 13);
    bus.subscribe(1 << 13, recorder);
    bus.start();
    for (int i = 0; i < 5_000; i++) {
      VizEvent event = random.next();
      sent.add(event);
      bus.source(ENGINE).emit(event);
    }
    bus.close();
    recorder.close();
    assertEquals(0, bus.dropped());
    assertEquals(5_000, recorder.recorded());
    assertEquals(sent, readAll(0).stream().map(StampedEvent::event).toList());
    assertTrue(TraceFiles.list(dir).size() > 1, "it rotated");
  }

  @Test
  void idleSubscriptionFlushes() throws IOException, InterruptedException {
    try (EventBus bus = new EventBus();
        NdjsonRecorder recorder = new NdjsonRecorder(dir, 1 << 20, 1 << 21)) {
      bus.subscribe(64, recorder);
      bus.start();
      bus.source(ENGINE).emit(new CompactionEvent.Progress(1, 2, 3, 4));
      while (!Files.readString(TraceFiles.file(dir, 1)).contains("Progress")) {
        Thread.sleep(5);
      }
    }
  }

  @Test
  void totalBytesStayBoundedAndTheNewestAreKept() throws IOException {
    long partMax = 2_000;
    long totalMax = 7_000;
    try (NdjsonRecorder recorder = new NdjsonRecorder(dir, partMax, totalMax)) {
      for (int i = 1; i <= 1_000; i++) {
        recorder.accept(numbered(i));
        if (i % 10 == 0) {
          recorder.flush();
          assertTrue(bytes() <= totalMax, () -> bytes() + " bytes");
        }
      }
      assertEquals(0, recorder.lost());
    }
    for (Path part : TraceFiles.list(dir)) {
      assertTrue(Files.size(part) <= partMax, part.toString());
    }
    List<StampedEvent> kept = readAll(0);
    assertTrue(kept.size() > 20, "a few parts are kept");
    assertEquals(1_000, kept.getLast().sequence());
    assertEquals(kept.size(), 1_000 - kept.getFirst().sequence() + 1, "without a hole");
  }

  @Test
  void aSecondRecordingContinuesAfterTheFirst() throws IOException {
    for (int round = 0; round < 3; round++) {
      try (NdjsonRecorder recorder = new NdjsonRecorder(dir, 4_000, 20_000)) {
        recorder.accept(numbered(round + 1));
      }
    }
    assertEquals(List.of(1L, 2L, 3L), readAll(0).stream().map(StampedEvent::sequence).toList());
    assertEquals(3, TraceFiles.list(dir).size());
  }

  @Test
  void aTornLastLineIsSkippedAndCounted() throws IOException {
    try (NdjsonRecorder recorder = new NdjsonRecorder(dir, 4_000, 20_000)) {
      recorder.accept(numbered(1));
      recorder.accept(numbered(2));
    }
    Path file = TraceFiles.file(dir, 1);
    byte[] whole = Files.readAllBytes(file);
    int lines = (int) Files.readString(file).chars().filter(c -> c == '\n').count();
    assertEquals(3, lines);
    for (int cut = 1; cut < whole.length; cut++) {
      Files.write(file, Arrays.copyOf(whole, whole.length - cut));
      String left = Files.readString(file);
      long ends = left.chars().filter(c -> c == '\n').count();
      // A line that lacks its end only is whole.
      boolean lastWhole = left.endsWith("}");
      long events = Math.max(0, (lastWhole ? ends + 1 : ends) - 1);
      boolean cutWithin = !left.isEmpty() && !left.endsWith("\n") && !lastWhole;
      assertEquals(events, readAll(cutWithin ? 1 : 0).size());
    }
  }

  @Test
  void damageInsideNamesFileAndLine() throws IOException {
    try (NdjsonRecorder recorder = new NdjsonRecorder(dir, 4_000, 20_000)) {
      recorder.accept(numbered(1));
    }
    Path file = TraceFiles.file(dir, 1);
    Files.writeString(file, "{\"src\":1}\n", StandardOpenOption.APPEND);
    TraceFormatException e = assertThrows(TraceFormatException.class, () -> readAll(0));
    assertTrue(
        String.valueOf(e.getMessage()).contains("trace-000001.ndjson:3: \"src\""), e.getMessage());

    Files.writeString(file, "{\"trace\":\"atll\",\"major\":2,\"minor\":0,\"part\":1}\n");
    e = assertThrows(TraceFormatException.class, () -> readAll(0));
    assertTrue(String.valueOf(e.getMessage()).contains("trace format 2.0"), e.getMessage());

    Files.writeString(file, "{}\n");
    assertThrows(TraceFormatException.class, () -> readAll(0));
    Files.delete(file);
    assertThrows(TraceFormatException.class, () -> readAll(0));
  }

  @Test
  void aFailingDiskEndsTheRecordingQuietly() throws IOException {
    NdjsonRecorder recorder = new NdjsonRecorder(dir, 1_024, 4_096);
    // The next part's name is taken by a folder, so that it cannot be opened.
    Files.createDirectory(TraceFiles.file(dir, 2));
    for (int i = 1; i <= 100; i++) {
      recorder.accept(numbered(i));
    }
    recorder.close();
    assertNotNull(recorder.failure());
    assertEquals(100, recorder.recorded() + recorder.lost());
    assertTrue(recorder.recorded() > 0);
    Files.delete(TraceFiles.file(dir, 2));
    assertEquals(recorder.recorded(), readAll(0).size());
  }

  @Test
  void boundsAreChecked() {
    assertThrows(IllegalArgumentException.class, () -> new NdjsonRecorder(dir, 100, 4_096));
    assertThrows(IllegalArgumentException.class, () -> new NdjsonRecorder(dir, 4_096, 8_000));
  }

  private Path recorded(int events) throws IOException {
    try (NdjsonRecorder recorder = new NdjsonRecorder(dir, 1 << 20, 1 << 22)) {
      for (int i = 1; i <= events; i++) {
        recorder.accept(numbered(i));
      }
    }
    return dir.resolve("trace-000001.ndjson");
  }

  @Test
  void whatToolsDoToTextDoesNotMatter() throws IOException {
    Path part = recorded(3);
    String text = Files.readString(part);
    for (String form :
        List.of(
            text.replace("\n", "\r\n"),
            "\ufeff" + text,
            "\n" + text.replace("\n", "\n\n") + "\n \n",
            text.stripTrailing())) {
      Files.writeString(part, form);
      assertEquals(3, readAll(0).size(), form);
    }
    Path packed = dir.resolve(part.getFileName() + ".gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
      out.write(text.getBytes(StandardCharsets.US_ASCII));
    }
    Files.writeString(part, text);
    assertEquals(3, readAll(0).size(), "the plain part goes before the gzipped one");
    Files.delete(part);
    assertEquals(3, readAll(0).size());
    try (NdjsonReader reader = NdjsonReader.open(packed)) {
      assertEquals(3, reader.forEach(event -> {}));
    }
    byte[] whole = Files.readAllBytes(packed);
    Files.write(packed, Arrays.copyOf(whole, whole.length - 12));
    try (NdjsonReader reader = NdjsonReader.open(dir)) {
      assertTrue(reader.forEach(event -> {}) <= 3);
    }
    whole[whole.length / 2] ^= 0x55;
    Files.write(packed, whole);
    try (NdjsonReader reader = NdjsonReader.open(dir)) {
      IOException e = assertThrows(IOException.class, () -> reader.forEach(event -> {}));
      assertTrue(e.getMessage().contains(packed.toString()), e.getMessage());
    }
  }

  @Test
  void eventsThatAreMissingOrOutOfOrderAreCounted() throws IOException {
    Path part = recorded(9);
    List<String> lines = new ArrayList<>(Files.readAllLines(part));
    lines.subList(4, 7).clear();
    Files.write(part, lines);
    try (NdjsonReader reader = NdjsonReader.open(dir)) {
      reader.forEach(event -> {});
      assertEquals(3, reader.missing());
      assertEquals(0, reader.outOfOrder());
    }
    Collections.swap(lines, 1, 2);
    Files.write(part, lines);
    try (NdjsonReader reader = NdjsonReader.open(dir)) {
      reader.forEach(event -> {});
      assertEquals(1, reader.outOfOrder());
    }
    try (NdjsonRecorder another = new NdjsonRecorder(dir, 1 << 20, 1 << 22)) {
      another.accept(numbered(1));
    }
    try (NdjsonReader reader = NdjsonReader.open(dir)) {
      reader.forEach(event -> {});
      assertEquals(1, reader.outOfOrder(), "a recording that goes on counts from 1 again");
    }
  }
}
