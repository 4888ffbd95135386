package dev.atll.observe.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.observe.RepoFiles;
import dev.atll.observe.StampedEvent;
import dev.atll.observe.event.ActionKind;
import dev.atll.observe.event.Candidate;
import dev.atll.observe.event.CompactionEvent;
import dev.atll.observe.event.DecisionEvent;
import dev.atll.observe.event.DecisionReason;
import dev.atll.observe.event.Doubles;
import dev.atll.observe.event.EventShapes;
import dev.atll.observe.event.Label;
import dev.atll.observe.event.Longs;
import dev.atll.observe.event.RandomEvents;
import dev.atll.observe.event.SlotShape;
import dev.atll.observe.event.TreeEvent;
import dev.atll.observe.event.VizEvent;
import dev.atll.observe.event.WalEvent;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class EventCodecTest {
  private static final Label ENGINE = Label.of("engine");
  private final EventCodec codec = new EventCodec();

  @Test
  void everyEventTypeSurvivesTheRoundTrip() throws TraceFormatException {
    for (long seed = 1; seed <= 200; seed++) {
      RandomEvents random = new RandomEvents(seed);
      for (Class<?> type : EventShapes.events()) {
        StampedEvent before = new StampedEvent(random.label(), seed << 40, random.next(type));
        String line = codec.encode(before);
        assertEquals(before, codec.decode(line), "seed " + seed + ": " + line);
        assertTrue(line.chars().allMatch(c -> c >= ' ' && c < 0x7f && c != '\\'), line);
      }
    }
  }

  @Test
  void typeNamesAreUniqueAndEnvelopeNamesAreFree() {
    assertEquals(EventShapes.events().size(), EventCodec.typeNames().size());
    for (Class<?> type : EventShapes.events()) {
      List<String> names = RecordPlan.of(type.getName(), type).componentNames();
      for (String reserved : List.of("src", "seq", "type")) {
        assertFalse(names.contains(reserved), type.getName());
      }
      assertEquals(names.size(), new HashSet<>(names).size());
    }
    assertThrows(IllegalArgumentException.class, () -> EventCodec.typeName(String.class));
  }

  @Test
  void mutilatedLinesAreErrorsOfTheFormatAndNothingElse() {
    long seed = 7;
    SplittableRandom random = new SplittableRandom(seed);
    RandomEvents events = new RandomEvents(seed);
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      StringBuilder line =
          new StringBuilder(codec.encode(new StampedEvent(ENGINE, i, events.next())));
      int edits = 1 + random.nextInt(3);
      for (int e = 0; e < edits && line.length() > 0; e++) {
        int at = random.nextInt(line.length());
        switch (random.nextInt(4)) {
          case 0 -> line.deleteCharAt(at);
          case 1 -> line.setCharAt(at, (char) random.nextInt(' ', 127));
          case 2 -> line.insert(at, "{}[],:\"0-e.".charAt(random.nextInt(11)));
          default -> line.setLength(at);
        }
      }
      try {
        codec.decode(line.toString());
      } catch (TraceFormatException e) {
        refused++;
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + ", case " + i + ": " + line, e);
      }
    }
    assertTrue(refused > 10_000, "most mutilations are noticed: " + refused);
  }

  @Test
  void errorsSayWhatIsWrong() {
    String good =
        "{\"src\":\"engine\",\"seq\":1,\"type\":\"Compaction.Progress\",\"timeNanos\":5,"
            + "\"jobId\":6,\"bytesDone\":7,\"bytesPlanned\":8}";
    assertRefused(good.replace("6", "6.5"), "jobId should be a 64-bit integer");
    assertRefused(good.replace("6", "99999999999999999999"), "jobId should be a 64-bit integer");
    assertRefused(good.replace(",\"jobId\":6", ""), "lacks \"jobId\"");
    assertRefused(good.replace("\"jobId\":6", "\"jobId\":6,\"x\":1"), "unknown members [x]");
    assertRefused(good.replace("\"jobId\":6", "\"jobId\":6,\"jobId\":6"), "key \"jobId\" twice");
    assertRefused(good.replace("Progress", "Pregress"), "unknown event type Compaction.Pregress");
    assertRefused(good.replace("engine", "en gine"), "\"src\"");
    assertRefused(good.replace("engine", "en\\u0067ine"), "escape in a string at column 11");
    assertRefused(good + "x", "text after the object");
    assertRefused("", "expected '{' at column 1, found the end");
    assertRefused("[".repeat(5_000), "expected '{'");
    assertRefused("{\"a\":" + "[".repeat(5_000), "nested deeper than 8");
    String zone =
        "{\"src\":\"e\",\"seq\":1,\"type\":\"Pressure.ZoneChanged\",\"timeNanos\":5,"
            + "\"from\":\"GREEN\",\"to\":\"BLUE\",\"cause\":\"NONE\"}";
    assertRefused(zone, "ZoneChanged.to is none of [GREEN, YELLOW, ORANGE, RED]: BLUE");
  }

  private void assertRefused(String line, String message) {
    TraceFormatException e =
        assertThrows(TraceFormatException.class, () -> codec.decode(line), line);
    assertTrue(String.valueOf(e.getMessage()).contains(message), e.getMessage());
  }

  @Test
  void newerMinorVersionsMayAddTypesMembersAndValues() throws TraceFormatException {
    int newer = EventCodec.MINOR + 1;
    String type = "{\"src\":\"e\",\"seq\":3,\"type\":\"Moon.Risen\",\"timeNanos\":5,\"phase\":0.5}";
    TraceRecord.Unknown unknown =
        assertInstanceOf(TraceRecord.Unknown.class, codec.decode(type, newer));
    assertEquals("Moon.Risen", unknown.type());
    assertEquals(3, unknown.sequence());
    assertEquals(type, unknown.line(), "kept to be copied on");
    assertInstanceOf(TraceRecord.Unknown.class, codec.decode(type, EventCodec.MINOR - 1));
    assertThrows(TraceFormatException.class, () -> codec.decode(type, EventCodec.MINOR));

    StampedEvent known = new StampedEvent(ENGINE, 1, new CompactionEvent.Progress(1, 2, 3, 4));
    String wider = codec.encode(known).replace("\"jobId\"", "\"mood\":\"blue\",\"jobId\"");
    assertEquals(new TraceRecord.Known(known), codec.decode(wider, newer));

    String value =
        "{\"src\":\"e\",\"seq\":4,\"type\":\"Pressure.ZoneChanged\",\"timeNanos\":5,"
            + "\"from\":\"GREEN\",\"to\":\"BLUE\",\"cause\":\"NONE\"}";
    assertInstanceOf(TraceRecord.Unknown.class, codec.decode(value, newer));
  }

  @Test
  void membersThatOlderVersionsLackReadAsNothing() throws TraceFormatException {
    EventCodec later = new EventCodec(EventCodec.MINOR + 1);
    for (Class<?> type : EventShapes.events()) {
      String bare = "{\"src\":\"e\",\"seq\":1,\"type\":\"" + EventCodec.typeName(type) + "\"";
      // A decision itself refuses a propensity of nothing and a choice among no candidates.
      String line =
          bare + (type == DecisionEvent.Made.class ? ",\"propensity\":1,\"chosen\":-1}" : "}");
      assertThrows(TraceFormatException.class, () -> codec.decode(line));
      TraceRecord read = later.decode(line, EventCodec.MINOR);
      VizEvent event = assertInstanceOf(TraceRecord.Known.class, read).stamped().event();
      assertEquals(type, event.getClass());
      assertEquals(0, event.timeNanos());
    }
  }

  @Test
  void candidatesOfOldTracesHaveNoReasonAndNoPlaceHolders() throws TraceFormatException {
    String made =
        "{\"src\":\"engine\",\"seq\":2,\"type\":\"Decision.Made\",\"timeNanos\":2000000,"
            + "\"decisionId\":1,\"versionId\":17,\"policy\":\"atll\",\"candidates\":["
            + "{\"kind\":\"MOVE_DOWN\",\"level\":1,\"slot\":7,\"firstRun\":0,\"runs\":3,"
            + "\"costBytes\":0,\"burdenMicros\":0.0,\"index\":1.0E9,\"urgent\":false},"
            + "{\"kind\":\"MERGE\",\"level\":1,\"slot\":8,\"firstRun\":0,\"runs\":3,"
            + "\"costBytes\":4096,\"burdenMicros\":812.5,\"index\":0.5,\"urgent\":true}],"
            + "\"chosen\":0,\"theta\":1.0,\"price\":0.0,\"arm\":-1,\"armPropensities\":[],"
            + "\"context\":[],\"propensity\":1.0,\"explored\":false,\"seed\":1,\"planNanos\":21000}";
    assertThrows(TraceFormatException.class, () -> codec.decode(made, EventCodec.MINOR));
    TraceRecord.Known read =
        assertInstanceOf(TraceRecord.Known.class, codec.decode(made, 1));
    List<Candidate> candidates =
        assertInstanceOf(DecisionEvent.Made.class, read.stamped().event()).candidates();
    assertEquals(DecisionReason.UNKNOWN, candidates.get(0).reason());
    assertTrue(candidates.get(0).isFree());
    assertTrue(Double.isNaN(candidates.get(0).index()), "no 1000000000.00");
    assertEquals(0.5, candidates.get(1).index());
    assertEquals(candidates.get(1), candidates.get(1).withoutReason());
  }

  @Test
  void formatDocumentShowsRealLines() throws TraceFormatException {
    JsonWriter header = new JsonWriter();
    new TraceHeader(EventCodec.MAJOR, EventCodec.MINOR, 1).write(header);
    Candidate merge = new Candidate(ActionKind.MERGE, DecisionReason.READ_BURDEN, 1, 7, 0, 3, 1 << 20, 812.5, 0.775, false);
    StringBuilder expected = new StringBuilder(header.toString());
    List<VizEvent> examples =
        List.of(
            new WalEvent.Synced(1_000_000, 3, 4096, 2, 180_000),
            new DecisionEvent.Made(
                2_000_000,
                1,
                17,
                Label.of("atll"),
                List.of(merge),
                0,
                1,
                0,
                -1,
                Doubles.empty(),
                Doubles.empty(),
                1,
                false,
                0x9E3779B97F4A7C15L,
                21_000),
            new TreeEvent.Shape(
                3_000_000,
                17,
                2,
                0,
                65_536,
                List.of(
                    new SlotShape(
                        1,
                        7,
                        0.25,
                        0.5,
                        Longs.of(12, 9),
                        Longs.of(700, 900),
                        0.5,
                        3,
                        Double.NaN))));
    for (int i = 0; i < examples.size(); i++) {
      StampedEvent stamped = new StampedEvent(ENGINE, i + 1, examples.get(i));
      expected.append(codec.encode(stamped)).append('\n');
      assertEquals(stamped, codec.decode(codec.encode(stamped)));
    }
    String document = RepoFiles.read(RepoFiles.root().resolve("context/formats/trace.md"));
    assertTrue(document.contains("```\n" + expected + "```\n"), () -> "should show\n" + expected);
    assertTrue(
        document.contains("version " + EventCodec.MAJOR + "." + EventCodec.MINOR), "its version");
  }
}
