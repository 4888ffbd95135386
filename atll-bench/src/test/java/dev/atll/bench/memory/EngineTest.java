package dev.atll.bench.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.bench.experiment.StopSignal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Processes that answer well, badly, or not at all; shell scripts play them. */
@Timeout(60)
@DisabledOnOs(OS.WINDOWS)
class EngineTest {
  @TempDir private Path dir;
  private final StopSignal stop = StopSignal.manual();
  private int closed;
  private long killed;

  private final class FakeCage implements Cage {
    @Override
    public List<Path> entrances() {
      return List.of(dir.resolve("procs-a"), dir.resolve("procs-b"));
    }

    @Override
    public long killed() {
      return killed;
    }

    @Override
    public void close() {
      closed++;
    }
  }

  private Engine start(String script) throws IOException {
    return Engine.start(
        "peer",
        new FakeCage(),
        List.of("/bin/sh", "-c", script),
        dir.resolve("errors"),
        stop,
        Duration.ofMillis(200));
  }

  @Test
  void answersAreFoundAmongWhatElseIsSaid() throws IOException {
    try (Engine engine =
        start("while read line; do echo noise; echo '@atll {\"n\": 3}'; echo; done")) {
      assertEquals(3, Wire.number(engine.ask(Wire.request("turn")), "n"));
      assertEquals(3, Wire.number(engine.ask(Wire.request("turn")), "n"));
      assertEquals(
          Long.toString(engine.pid()), Files.readString(dir.resolve("procs-a")).strip());
      assertEquals(
          Long.toString(engine.pid()), Files.readString(dir.resolve("procs-b")).strip());
    }
    assertEquals(1, closed);
  }

  @Test
  void anErrorIsToldWithTheName() throws IOException {
    try (Engine engine = start("read line; echo '@atll {\"error\": \"no room\"}'; read line")) {
      assertFailure("peer: no room", engine);
    }
  }

  @Test
  void aProcessThatEndsIsToldWithItsCodeAndLastWords() throws IOException {
    try (Engine engine = start("read line; echo out loud; echo complaint >&2; exit 3")) {
      assertFailure(
          "peer: its process ended at 'turn': exit code 3; its last words: out loud | complaint",
          engine);
      assertFailure("ended at 'turn'", engine);
    }
    assertEquals(1, closed);
  }

  @Test
  void aProcessThatIsKilledIsToldAsSuch() throws IOException {
    try (Engine engine = start("kill -9 $$")) {
      assertFailure("killed", engine);
      killed = 1;
      assertFailure("wanted more memory than the limit", engine);
    }
  }

  @Test
  void aGroupThatCannotBeEnteredEndsTheProcess() throws IOException {
    Files.createDirectory(dir.resolve("procs-b"));
    try (Engine engine = start("echo '@atll {}'")) {
      assertFailure("exit code 70", engine);
    }
  }

  @Test
  void aWishToStopIsHandedOn() throws IOException {
    String script = "read turn; read stop; echo \"@atll {\\\"stopped\\\": true}\"; read line";
    try (Engine engine = start(script)) {
      stop.request();
      Map<String, Object> answer = engine.ask(Wire.request("turn"));
      assertTrue(Wire.flag(answer, "stopped"));
    }
  }

  @Test
  void whoDoesNotStopInTimeIsEnded() throws IOException {
    Engine engine = start("exec sleep 100");
    try (engine) {
      stop.request();
      assertFailure("did not stop in time", engine);
    }
    assertFalse(ProcessHandle.of(engine.pid()).map(ProcessHandle::isAlive).orElse(false));
    assertEquals(1, closed);
  }

  @Test
  void ctrlCOfTheTerminalDoesNotReachIt() throws IOException {
    String script = "kill -INT $$; read line; echo '@atll {\"alive\": true}'; read line";
    try (Engine engine = start(script)) {
      assertTrue(Wire.flag(engine.ask(Wire.request("turn")), "alive"));
    }
  }

  private static void assertFailure(String text, Engine engine) {
    EngineFailure failure =
        assertThrows(EngineFailure.class, () -> engine.ask(Wire.request("turn")));
    assertTrue(failure.getMessage().contains(text), failure.getMessage());
  }
}
