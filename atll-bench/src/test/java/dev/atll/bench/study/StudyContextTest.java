package dev.atll.bench.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.bench.experiment.EngineRun;
import dev.atll.bench.experiment.StopSignal;
import dev.atll.bench.report.Json;
import dev.atll.bench.workload.ShiftingHotSet;
import dev.atll.bench.workload.WorkloadSettings;
import dev.atll.bench.workload.Workloads;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StudyContextTest {
  private static final Scale SMALL =
      new Scale(true, 64 << 10, 100, 3_000, 6_000, 0.5, 2, 2_000, 4_000, 0.25, 1, true);
  private static final ShiftingHotSet HOT = new ShiftingHotSet(0.5, 0.2, 20, 0.1, 0.9, 0, 0, 0.1);

  @TempDir Path directory;

  private StudyContext context(boolean goesOn) throws IOException {
    return new StudyContext(
        directory, SMALL, "a test", goesOn, List.of(), new PrintWriter(new StringWriter()), StopSignal.manual());
  }

  private static Grid grid(StudyContext context) throws IOException {
    return Grid.simulate(
        context,
        GridStudies.named(context, "hot reads", "shifting-hotset", HOT),
        List.of(Contender.atll(4, 1), Contender.of("leveled", 4), Contender.of("tiered", 4)));
  }

  private static final Study STUDY =
      new Study() {
        @Override
        public String name() {
          return "test";
        }

        @Override
        public String title() {
          return "a test";
        }

        @Override
        public List<String> hypotheses() {
          return List.of("h");
        }

        @Override
        public void run(StudyContext context) {
          throw new AssertionError("it is run by the test");
        }
      };

  @Test
  void judgesSayWhatHeldAndWhatDidNot() throws IOException {
    try (StudyContext context = context(false)) {
      Grid grid = grid(context);
      Judges.totalWithin(context, grid, "far off", 100);
      Judges.totalWithin(context, grid, "out of reach", 0.01);
      Judges.against(context, grid, Contender.of("leveled", 4), "against leveled", 0.01);
      Judges.firstIsBest(
          context, grid, List.of(Contender.atll(4, 1), Contender.atll(4, 1)), "like itself");
      context.finish(STUDY, "command");
    }
    Map<String, Object> summary = Json.read(directory.resolve("verdicts.json"));
    List<?> verdicts = (List<?>) summary.getOrDefault("verdicts", List.of());
    List<Object> outcomes =
        verdicts.stream().<Object>map(v -> ((Map<?, ?>) v).get("outcome")).toList();
    assertEquals(List.of("HELD", "FAILED", "FAILED", "FAILED"), outcomes);
    assertTrue(Files.readString(directory.resolve("report.html")).contains("out of reach"));
    assertEquals(6 + 1, Files.readAllLines(directory.resolve("figures.csv")).size());
  }

  @Test
  void theSameSeedsGiveTheSameRawLines() throws IOException {
    try (StudyContext context = context(false)) {
      grid(context);
    }
    List<String> first = Files.readAllLines(directory.resolve("raw.ndjson"));
    try (StudyContext context = context(false)) {
      grid(context);
    }
    assertEquals(6, first.size());
    assertEquals(first, Files.readAllLines(directory.resolve("raw.ndjson")));
  }

  /** A line that was cut off by a crash is left out, whole ones come back as they were. */
  @Test
  void figuresOfTheEngineComeBackFromRawLines() throws IOException {
    Figures before;
    try (StudyContext context = context(false)) {
      EngineRun.Plan plan =
          new EngineRun.Plan(
              Workloads.named("shifting-hotset"), new WorkloadSettings(2_000, 1, 3, HOT), 100,
              1_000, 8_000, 0, true, Map.of("policy", "leveled"));
      before = context.keep(context.run("leveled", "hot", plan));
    }
    Path lines = directory.resolve("raw.ndjson");
    Files.writeString(lines, Files.readString(lines) + "{\"layer\":\"engi");
    try (StudyContext context = context(true)) {
      List<Map<String, Object>> earlier = context.earlier();
      assertEquals(1, earlier.size());
      Figures after = Figures.ofRaw(earlier.get(0));
      assertEquals(3, after.seed());
      assertEquals("leveled", after.contender());
      assertTrue(before.flushes() > 5, "flushes " + before.flushes());
      assertEquals(before.flushes(), after.flushes());
      assertEquals(before.writeAmplification(), after.writeAmplification(), 1e-3 * before.writeAmplification());
      assertEquals(before.nanosPerOp(), after.nanosPerOp(), 1e-2 * before.nanosPerOp());
      assertEquals(before.runsPerSeek(), after.runsPerSeek(), 1e-2);
      assertTrue(after.raw("flushes_ever") > after.flushes());
      assertTrue(after.raw("space_amplification_max") >= 1);
    }
    try (StudyContext context = context(false)) {
      assertTrue(context.earlier().isEmpty(), "only a run that goes on takes them");
    }
  }

  @Test
  void guestsAreShownAndJudgeNothing() throws IOException {
    try (StudyContext context =
        new StudyContext(
            directory, SMALL, "a test", false, List.of("lazy"),
            new PrintWriter(new StringWriter()), StopSignal.manual())) {
      Grid grid = grid(context);
      Contender guest = Contender.of("lazy", 4);
      assertTrue(grid.ranked().contains(guest), () -> grid.ranked() + "");
      assertEquals(4, grid.ranked().size());
      Contender best =
          grid.bestStatic(
              Double.POSITIVE_INFINITY, f -> f.contender().startsWith("lazy") ? 0 : f.nanosPerOp());
      assertTrue(best != null && !best.equals(guest), () -> best + "");
    }
  }
}
